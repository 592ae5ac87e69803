using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.Mlflow;
using ServerlessMeta.Platform;
using ServerlessMeta.Views;

namespace ServerlessMeta.Tests.Views;

/// <summary>What a view shows: read by the page's rules, written in one way, kept as it is.</summary>
public sealed class ViewQueryTests
{
    private static readonly Gen<string?> GenText = OneOf(null, "metrics.acc", "param.lr", "params.`a b`, tags.\"x|y\"", "metrics.acc ASC", "metric.acc desc, run_name", "metrics.", "(", "é'", "acc > 1", "metrics.acc > 0.5 AND params.lr = '1'");

    private static readonly Gen<ViewQuery> GenQuery = Gen.Select(GenText, GenText, GenText, GenText, OneOf(null, "table", "charts"), OneOf(null, "active", "deleted"), GenText, OneOf(null, "0.6"))
        .Select(static (filter, order, columns, group, view, stage, more, smooth) => new ViewQuery { Filter = filter, Order = order, Columns = columns, Group = group, View = view, Stage = stage, More = more, Less = more, Smooth = smooth, Metric = columns });

    [Fact]
    public void What_is_settled_stays_as_it_is() => GenQuery.Sample(static query =>
    {
        var (settled, faults) = Settle(query);
        Assert.Equal(settled is null, !faults.IsEmpty);
        if (settled is not null)
        {
            Assert.Equal(settled, Settle(settled).Query);
            Assert.Equal(settled, ViewQuery.Of(name => settled.Parts.SingleOrDefault(part => part.Name == name).Value));
        }
    });

    [Fact]
    public void Row_round_trips_any_view() => GenQuery.Sample(static query =>
    {
        var view = new SavedView
        {
            Experiment = new ExperimentId(12),
            Id = ViewId.Parse("a-b_1", null),
            Content = new ViewContent("name", query.Filter, Settle(query).Query ?? new ViewQuery(), query.Group is null),
            Owner = "ada",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch.AddDays(1),
            UpdatedBy = "grace",
            Revision = 7,
        };
        Assert.Equal(view, ViewRow.To(ViewRow.From(view)));
    });

    [Theory]
    [InlineData("metrics.acc,metric.loss", "metrics.acc, metrics.loss")]
    [InlineData("metrics.acc, metrics.acc", "metrics.acc")]
    [InlineData("params.`lr`", "params.lr")]
    public void Columns_are_written_in_one_way(string columns, string settled) => Assert.Equal(settled, Settle(new ViewQuery { Columns = columns }).Query!.Columns);

    [Theory]
    [InlineData("0.60", "0.6")]
    [InlineData("0.00", "0")]
    [InlineData(".5", "0.5")]
    [InlineData("0.98", "0.98")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("0.981", null)]
    [InlineData("-0", null)]
    [InlineData("1e-1", null)]
    public void Numbers_are_written_in_one_way(string smooth, string? settled)
    {
        Assert.Equal(settled, Settle(new ViewQuery { View = "charts", Smooth = smooth }).Query?.Smooth);
        Assert.Equal("5", Settle(new ViewQuery { View = "charts", Top = "05" }).Query!.Top);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a|b")]
    [InlineData("a}")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData(null)]
    public void What_could_leave_its_place_in_a_key_is_no_id(string? text) => Assert.False(ViewId.TryParse(text, null, out _));

    [Fact]
    public void Id_without_a_value_is_never_written() => Assert.Throws<InvalidOperationException>(static () => default(ViewId).ToString());

    private static Gen<string?> OneOf(params string?[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static (ViewQuery? Query, System.Collections.Immutable.ImmutableArray<Failure.Invalid> Faults) Settle(ViewQuery query) => ViewTerms.Settle(query, new ExperimentId(12), MlflowEndpoints.RunFields);
}
