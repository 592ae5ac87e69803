using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Evaluations;

/// <summary>What is said of evaluations: its faults, all at once, and that it stays the same however it is written.</summary>
public sealed class EvaluationTests
{
    private static readonly Gen<string> Names = Gen.String[1, 20].Where(static text => BodyReader.RefuseText(text, 500) is null && !text.Any(char.IsSurrogate));

    private static readonly Gen<double> Numbers = Gen.Double.Where(double.IsFinite);

    private static readonly Gen<EvaluationContent> Contents = Gen.Select(
        Names, Gen.Select(Names, Numbers, Gen.Long[1, long.MaxValue].Nullable(), Gen.Bool.Nullable()).Array[1, 6], Names.Null(), Names.Null(), Names.Array[0, 3]).Select(static (dataset, metrics, slice, note, plots) => new EvaluationContent
        {
            Dataset = dataset,
            Digest = "1a2b",
            Slice = slice,
            Note = note,
            Metrics = [.. metrics.DistinctBy(static one => one.Item1).OrderBy(static one => one.Item1, StringComparer.Ordinal).Select(static one => new EvaluationMetric(one.Item1, one.Item2, one.Item3, one.Item2, null))],
            Plots = [.. plots.Select(static name => new EvaluationPlot(name, "s3://plots", null, null))],
            HigherIsBetter = metrics.DistinctBy(static one => one.Item1).Where(static one => one.Item4 is not null).Aggregate(EvaluationContent.NoDirections, static (all, one) => all.Add(one.Item1, one.Item4!.Value)),
            At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        });

    [Fact]
    public void What_is_kept_reads_as_what_was_said() => Contents.Sample(static content =>
    {
        var written = EvaluationContentJson.Write(content);

        Assert.Equal(written, EvaluationContentJson.Write(EvaluationContentJson.Read(written)));
    });

    [Fact]
    public void What_is_answered_is_read_as_the_same_evaluation() => Contents.Sample(static content =>
    {
        var view = EvaluationView.From(new Evaluation("id", 1, 1, content, default, "me"));
        using var json = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(
            new RecordEvaluation(view.Dataset, view.Metrics, view.Slice, view.Evaluator, view.Run, view.Plots, view.At, view.Note, view.HigherIsBetter), EvaluationsJson.Default.RecordEvaluation));
        var (read, faults) = EvaluationBody.Read(json.RootElement);

        Assert.Empty(faults);
        Assert.Equal(content.Hash(), read!.Hash());
    });

    [Theory]
    [InlineData("""{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"b","value":1},{"key":"a","value":0.5}]}""", """{"metrics":[{"value":0.50,"key":"a"},{"key":"b","value":1.0}],"dataset":{"digest":"1","name":"d"},"slice":null}""", true)]
    [InlineData("""{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"a","value":1}]}""", """{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"a","value":1,"n":1}]}""", false)]
    [InlineData("""{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"a","value":1}]}""", """{"dataset":{"name":"d","digest":"1"},"slice":"s","metrics":[{"key":"a","value":1}]}""", false)]
    [InlineData("""{"dataset":{"name":"d","digest":"DF347A373B8F92AA0AE3DD920A5EC2F6"},"metrics":[{"key":"a","value":1}]}""", """{"dataset":{"name":"d","digest":"df347a373b8f92aa0ae3dd920a5ec2f6"},"metrics":[{"key":"a","value":1}]}""", true)]
    public void The_same_is_the_same_however_it_is_written(string one, string other, bool same) => Assert.Equal(same, Read(one).Content!.Hash() == Read(other).Content!.Hash());

    [Fact]
    public void Every_fault_is_found_at_once()
    {
        var (_, faults) = Read("""
            {"dataset":{"name":"","digest":"a b","more":1},"slice":7,"metrics":[{"key":"a","value":"NaN","n":0},{"key":"a","value":1,"low":2,"high":0},{"value":1e999},3],
             "run":"x","plots":[{"name":"p"},{"name":"q","path":"../x"},{"name":"r","uri":"https://u:p@h/x","path":"y"}],"at":"yesterday","note":1,"higherIsBetter":{"b":true,"a":1},"unknown":1}
            """);

        Assert.Equal(
            ["unknown", "dataset.more", "dataset.name", "dataset.digest", "metrics[0].value", "metrics[0].n", "metrics[1].low", "metrics[1].high", "metrics[1].key", "metrics[2].key", "metrics[2].value", "metrics[3]",
                "slice", "run", "plots[0].uri", "plots[1].path", "plots[2].uri", "plots[2].uri", "at", "note", "higherIsBetter.b", "higherIsBetter.a"],
            faults.Select(static fault => fault.Field));
        Assert.Contains(faults, static fault => fault.Detail.Contains("NaN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("{}", "dataset,metrics")]
    [InlineData("""{"dataset":null,"metrics":[]}""", "dataset,metrics")]
    [InlineData("""{"dataset":1,"metrics":{}}""", "dataset,metrics")]
    [InlineData("""{"dataset":{"name":"\ud800","digest":"1"},"metrics":[{"key":"a","value":1}]}""", "body")]
    [InlineData("""{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"a\u0000","value":1}]}""", "metrics[0].key")]
    public void Wrong_shapes_are_named(string body, string fields) => Assert.Equal(fields, string.Join(',', Read(body).Faults.Select(static fault => fault.Field)));

    [Fact]
    public void A_thousand_metrics_are_taken_and_one_more_is_not()
    {
        Assert.Empty(Read(Metrics(1000)).Faults);
        Assert.Equal("metrics", Assert.Single(Read(Metrics(1001)).Faults).Field);
        Assert.True(EvaluationRow.Pack(Read(Metrics(1000)).Content!).Length < EvaluationRow.HighestBytes);
    }

    private static string Metrics(int count)
    {
        var text = new StringBuilder("""{"dataset":{"name":"d","digest":"1"},"metrics":[""");
        text.AppendJoin(',', Enumerable.Range(0, count).Select(static i => FormattableString.Invariant($$"""{"key":"{{new string('k', 240)}}{{i}}","value":{{1.0 / (i + 1):R}},"n":{{i + 1}},"low":-1,"high":2}""")));
        return text.Append("]}").ToString();
    }

    private static (EvaluationContent? Content, IReadOnlyList<Failure.Invalid> Faults) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return EvaluationBody.Read(document.RootElement);
    }
}
