using System.Collections.Immutable;
using ServerlessMeta.Ui.Compare;

namespace ServerlessMeta.Tests.Ui;

public sealed class CompareVerdictTests
{
    [Fact]
    public void Verdict_names_who_is_better_by_how_much_and_what_differs() => Assert.Equal(
        "B is better by 0.013 f1 on holdout (0.912 against 0.899); learning rate and data version differ.",
        Verdict([new("f1", "holdout", true, true, true, [0.899, 0.912])], Side("learning_rate=0.1", "digits=1"), Side("learning_rate=0.2", "digits=2")));

    [Fact]
    public void Less_is_better_where_a_metric_says_so() => Assert.Equal(
        "A is better by 0.1 val_loss (0.3 against 0.4); lr differs.",
        Verdict([new("val_loss", null, false, true, true, [0.3, 0.4])], Side("lr=1"), Side("lr=2")));

    [Fact]
    public void Held_out_data_counts_before_training_data_and_a_score_before_a_loss() => Assert.Equal(
        "A is better by 0.1 val_f1 (0.8 against 0.7), but not in val_loss and train_f1; nothing that is recorded of them differs.",
        Verdict(
            [new("train_f1", null, true, false, true, [0.8, 0.99]), new("val_loss", null, false, true, true, [0.5, 0.4]), new("val_f1", null, true, true, true, [0.8, 0.7])],
            Side(), Side()));

    [Fact]
    public void Of_many_the_best_is_named_with_the_next() => Assert.Equal(
        "C is best with 0.9 accuracy, 0.05 ahead of A; lr differs.",
        Verdict([new("accuracy", null, true, false, true, [0.85, 0.5, 0.9])], Side("lr=1"), Side("lr=2"), Side("lr=3")));

    [Fact]
    public void Those_that_share_the_best_are_named_together() => Assert.Equal(
        "A and C are best, with 0.9 accuracy; lr differs.",
        Verdict([new("accuracy", null, true, false, true, [0.9, 0.5, 0.9])], Side("lr=1"), Side("lr=2"), Side("lr=3")));

    [Fact]
    public void Equal_sides_are_called_equal() => Assert.Equal(
        "A and B are equal in accuracy (0.9); nothing that is recorded of them differs.", Verdict([new("accuracy", null, true, false, true, [0.9, 0.9])], Side(), Side()));

    [Theory]
    [InlineData(null, true, 1.0)]
    [InlineData(true, false, 1.0)]
    [InlineData(true, true, double.NaN)]
    public void Metric_tells_nothing_without_a_direction_on_other_data_or_without_a_number(bool? higher, bool isComparable, double second) => Assert.StartsWith(
        "No metric of all of them says which is better; ", Verdict([new("m", null, higher, true, isComparable, [0.5, second])], Side(), Side()), StringComparison.Ordinal);

    [Fact]
    public void Sides_without_a_common_metric_have_no_winner() => Assert.Equal(
        "A and B have no metric in common; lr differs.", Verdict([new("f1", null, true, true, true, [0.5, null])], Side("lr=1"), Side()));

    [Theory]
    [InlineData("", "; arguments differ.")]
    [InlineData("lr=1", "; lr differs.")]
    public void Arguments_are_named_where_no_param_says_what_they_set(string param, string end)
    {
        string[] known = param.Length > 0 ? [param] : [];

        Assert.EndsWith(end, Verdict([], Started("a", known), Started("b", [])), StringComparison.Ordinal);

        static ComparedSide Started(string with, string[] known) => Side(known) with { Platform = ComparedSide.None.Add("python", "3.12").Add(RunSides.Arguments, with) };
    }

    [Fact]
    public void Many_params_are_counted() => Assert.EndsWith(
        "; a, b, c, d and 2 more params differ.", Verdict([], Side("a=1", "b=1", "c=1", "d=1", "e=1", "f=1"), Side()), StringComparison.Ordinal);

    [Fact]
    public void Sections_show_what_differs_and_say_how()
    {
        var (one, other) = (Side("lr=1", "layers=2"), Side("lr=2", "layers=2") with { Packages = ComparedSide.None.Add("python numpy", "1.0") });
        var compared = new Compared([one, other with { Letter = "B" }], [new("f1", null, true, true, true, [0.5, 0.75])]);

        var some = Comparison.Of("runs", compared, all: false);
        var every = Comparison.Of("runs", compared, all: true);

        Assert.Equal(["Metrics: f1", "Params: lr", "Packages: python numpy"], some.Sections.Select(static section => $"{section.Title}: {string.Join(' ', section.Rows.Select(static row => row.Name))}"));
        Assert.Equal("lr layers", string.Join(' ', every.Sections[1].Rows.Select(static row => row.Name)));
        Assert.Equal("only in B", some.Sections[2].Rows[0].Change);
        Assert.Equal(("+0.25", true), (some.Sections[0].Rows[0].Cells[1].Against, some.Sections[0].Rows[0].Cells[1].IsBest));
        Assert.Equal("/compare?runs=b,a", every.AddressOf(every.Sides.Reverse(), false).Replace(other.Key, "b", StringComparison.Ordinal).Replace(one.Key, "a", StringComparison.Ordinal));
    }

    private static string Verdict(ImmutableArray<ComparedMetric> metrics, params ComparedSide[] sides) =>
        CompareVerdict.Of(new Compared([.. sides.Select(static (side, place) => side with { Letter = RunSides.LetterOf(place) })], metrics));

    // What is named digits is data, all else is a param.
    private static ComparedSide Side(params string[] known)
    {
        var named = known.Select(static one => one.Split('=')).Select(static one => (one[0], (string?)one[1])).ToList();
        return new ComparedSide
        {
            Letter = "A",
            Key = string.Concat(known).Replace("=", "", StringComparison.Ordinal) + "x",
            Name = "run",
            Address = "/",
            Status = "finished",
            At = DateTimeOffset.UnixEpoch,
            Params = RunSides.Known(named.Where(static one => one.Item1 != "digits")),
            Data = RunSides.Known(named.Where(static one => one.Item1 == "digits")),
        };
    }
}
