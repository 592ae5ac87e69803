using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.LoggedModels;

public sealed class RankedModelTests
{
    private static readonly LoggedModelQuery Query = new(
        RecordQuery.Parse(null, [], new FieldSchema { Prefixes = [], Attributes = [] }).Value,
        [
            new ModelOrder(new Field(FieldKind.Attribute, LoggedModelFields.Name), false, null), new ModelOrder(new Field(FieldKind.Attribute, LoggedModelFields.Type), true, null),
            new ModelOrder(new Field(FieldKind.Attribute, LoggedModelFields.UpdatedAt), true, null), new ModelOrder(new Field(FieldKind.Metric, "m"), true, null),
        ],
        [],
        static status => status.ToString());

    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab&=-%\n é日"], 0, 10];

    [Fact]
    public void A_place_is_read_as_it_was_written() => Gen.Select(Text, Text.Null(), Gen.Int[0, 3], Gen.OneOf(Gen.Double, Gen.Const(double.NaN), Gen.Const(double.NegativeInfinity)).Nullable()).Sample(static (name, type, at, value) =>
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at);
        var id = LoggedModelId.New(new ExperimentId(5), 0, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var model = new LoggedModel
        {
            Id = id, Name = name, Type = type, Status = LoggedModelStatus.Ready, CreatedAt = time, UpdatedAt = time, Stage = LifecycleStage.Active,
            Metrics = value is { } number ? [new ModelMetric(new("m", number, 1, 1), default, null, null)] : [],
        };
        var place = RankedModel.Of(model, Query, 0);

        var read = RankedModel.Read(place.Write(), Query)!;

        Assert.Equal(0, RankedModel.BestFirst.Compare(place, read));
        Assert.Equal(place.Write(), read.Write());
    });

    [Theory]
    [InlineData("")]
    [InlineData("m-1")]
    [InlineData("1&-&-&-&m-00000000000000000000000000000000")]
    [InlineData("x&-&-&-&-&m-00000000000000000000000000000000")]
    [InlineData("1&1&-&-&-&m-00000000000000000000000000000000")]
    [InlineData("1&-&-&=1&-&m-00000000000000000000000000000000")]
    public void Anything_else_is_no_place(string text) => Assert.Null(RankedModel.Read(text, Query));
}
