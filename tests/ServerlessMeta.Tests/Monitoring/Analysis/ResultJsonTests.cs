using System.Text.Json;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class ResultJsonTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<double?> Number = Gen.OneOf(Gen.Const((double?)null), Gen.Double.Where(double.IsFinite).Select(static x => (double?)x));

    private static readonly Gen<MetricResult> Metrics = Gen.Select(Gen.String, Gen.Enum<MetricStatus>(), Gen.Enum<Verdict>(), Number.Array[8], Gen.Long, Gen.String.Array[0, 3], Gen.OneOf(Gen.Const((string?)null), Gen.String.Select(static text => (string?)text)))
        .Select(static (name, status, verdict, numbers, count, flags, reason) => new MetricResult
        {
            Metric = name,
            Status = status,
            Value = numbers[0],
            P = numbers[1],
            PLow = numbers[7],
            AdjustedP = numbers[2],
            Low = numbers[3],
            High = numbers[4],
            Method = name,
            Threshold = numbers[5],
            ReferenceCount = count,
            CurrentCount = -count,
            Reference = numbers[6],
            Verdict = verdict,
            Flags = [.. flags],
            Reason = reason,
        });

    private static readonly Gen<ColumnResult> Columns = Gen.Select(Gen.String, Gen.Enum<ColumnRole>(), Gen.Enum<ColumnKind>(), Gen.Enum<Verdict>(), Metrics.Array[0, 4], Gen.Select(Gen.String, Gen.Long, Gen.Double[0, 1]).Array[0, 3])
        .Select(static (name, role, kind, verdict, metrics, categories) => new ColumnResult
        {
            Column = name,
            Role = role,
            Kind = kind,
            Status = MetricStatus.Ok,
            Verdict = verdict,
            DecidedBy = metrics.Length == 0 ? null : metrics[0].Metric,
            Metrics = [.. metrics],
            NewCategories = [.. categories.Select(static one => new CategoryShare(one.Item1, one.Item2, one.Item3))],
        });

    private static readonly Gen<WindowResult> Results = Gen.Select(Gen.String, Gen.Enum<WindowState>(), Columns.Array[0, 3], Metrics.Array[0, 3], Gen.Int, Gen.Bool).Select(static (id, state, columns, metrics, number, isFirst) => new WindowResult
    {
        Window = id,
        Start = Start,
        End = Start.AddHours(1),
        Revision = number,
        ComputedAt = Start.AddTicks(Math.Abs((long)number)),
        Cause = isFirst ? null : "lateLabels",
        Baseline = number,
        State = state,
        Rows = number,
        Predictions = number,
        Labelled = number,
        FirstLabel = isFirst ? null : Start,
        LastLabel = isFirst ? null : Start.AddDays(1),
        Columns = [.. columns],
        Dataset = [.. metrics],
        Performance = [.. metrics],
        Estimated = [.. metrics],
        Alarms = isFirst ? [] : [new("adwin", "error", Start, id, number, isFirst)],
        Comparisons = isFirst ? [] : [new("previous", [id], [.. columns], [.. metrics])],
    });

    [Fact]
    public void A_result_goes_through_json_and_back() => Results.Sample(static result =>
    {
        var json = Write(result);
        var read = JsonSerializer.Deserialize(json, ResultJson.Relaxed.WindowResult)!;

        Assert.Equal(json, Write(read));
        Assert.Equal(result with { Columns = [], Dataset = [], Performance = [], Estimated = [], Alarms = [], Comparisons = [] }, read with { Columns = [], Dataset = [], Performance = [], Estimated = [], Alarms = [], Comparisons = [] });
        Assert.Equal(result.Alarms, read.Alarms);
        Assert.Equal(result.Comparisons.SelectMany(static one => one.Windows.Prepend(one.Reference)), read.Comparisons.SelectMany(static one => one.Windows.Prepend(one.Reference)));
        Assert.Equal(result.Columns.Select(static one => (one.Column, one.Role, one.Kind, one.Status, one.Verdict, one.DecidedBy)), read.Columns.Select(static one => (one.Column, one.Role, one.Kind, one.Status, one.Verdict, one.DecidedBy)));
        Assert.Equal(result.Columns.SelectMany(static one => one.NewCategories), read.Columns.SelectMany(static one => one.NewCategories));
        Assert.Equal(result.Dataset.Select(static one => one with { Flags = [] }), read.Dataset.Select(static one => one with { Flags = [] }));
        Assert.Equal(result.Dataset.SelectMany(static one => one.Flags), read.Dataset.SelectMany(static one => one.Flags));
    });

    [Fact]
    public void Json_is_in_camel_case_with_words_and_without_nulls()
    {
        var result = new WindowResult
        {
            Window = "2026-01-01",
            Start = Start,
            End = Start.AddDays(1),
            Revision = 1,
            ComputedAt = Start.AddDays(1),
            Baseline = 3,
            State = WindowState.Maturing,
            Rows = 12,
            Dataset = [new() { Metric = "größe<", Status = MetricStatus.TooFewSamples, Method = "profile", Verdict = Verdict.NoDrift }],
        };

        Assert.Equal(
            """{"window":"2026-01-01","start":"2026-01-01T00:00:00+00:00","end":"2026-01-02T00:00:00+00:00","revision":1,"computedAt":"2026-01-02T00:00:00+00:00","baseline":3,"state":"maturing","rows":12,"predictions":0,"labelled":0,"columns":[],"dataset":[{"metric":"größe<","status":"tooFewSamples","method":"profile","referenceCount":0,"currentCount":0,"verdict":"noDrift","flags":[]}],"performance":[],"estimated":[],"alarms":[],"comparisons":[]}""",
            Write(result));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_is_refused(double value)
    {
        var result = new MetricResult { Metric = "psi", Status = MetricStatus.Ok, Method = "profile", Value = value };

        Assert.Throws<ArgumentException>(() => Write(Some(result)));
    }

    [Fact]
    public void Words_are_read_and_numbers_are_not()
    {
        var json = Write(Some(new() { Metric = "psi", Status = MetricStatus.Ok, Method = "profile", Value = 1 }));

        Assert.Equal(MetricStatus.Ok, JsonSerializer.Deserialize(json, ResultJson.Relaxed.WindowResult)!.Dataset[0].Status);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace("\"ok\"", "0", StringComparison.Ordinal), ResultJson.Relaxed.WindowResult));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace("\"value\":1", "\"value\":\"NaN\"", StringComparison.Ordinal), ResultJson.Relaxed.WindowResult));
    }

    private static WindowResult Some(MetricResult metric) =>
        new() { Window = "w", Start = Start, End = Start.AddDays(1), Revision = 1, ComputedAt = Start.AddDays(1), Baseline = 1, State = WindowState.Closed, Rows = 0, Dataset = [metric] };

    private static string Write(WindowResult result) => JsonSerializer.Serialize(result, ResultJson.Relaxed.WindowResult);
}
