using System.Collections.Immutable;
using System.Text.Json;
using System.Xml;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads options that are written whole: what is not said is as by default.</summary>
internal static class OptionsBody
{
    private const int LongestColumn = 200;
    private const int LongestWord = 60;
    private const int MostThresholds = 60;
    private const int MostNames = 20;
    private static readonly TimeSpan LongestLag = TimeSpan.FromDays(3660);
    private static readonly string[] Tasks = [.. Enum.GetNames<ModelTask>().Select(static name => name.ToLowerInvariant())];

    /// <returns>The options; null when there are faults.</returns>
    public static (WatchOptions? Options, List<Failure.Invalid> Faults) Read(JsonElement element)
    {
        List<Failure.Invalid> faults = [];
        var body = new BodyReader(
            element, "", faults,
            "schema", "numericMetric", "categoricalMetric", "thresholds", "alpha", "correction", "driftShare", "minCount", "minCoverage", "minLabels", "maxLabelLag", "minEffect", "detectors", "compareWith", "keepRows");
        var standard = new AnalysisOptions();
        var analysis = new AnalysisOptions
        {
            Schema = Schema(body, faults),
            NumericMetric = body.Text("numericMetric", LongestWord) ?? standard.NumericMetric,
            CategoricalMetric = body.Text("categoricalMetric", LongestWord) ?? standard.CategoricalMetric,
            Thresholds = Thresholds(body, faults),
            Alpha = body.Number("alpha") ?? standard.Alpha,
            Correction = body.Text("correction", LongestWord) ?? standard.Correction,
            DriftShare = body.Number("driftShare") ?? standard.DriftShare,
            MinCount = (int?)body.Whole("minCount", 1, 1_000_000) ?? standard.MinCount,
            MinCoverage = body.Number("minCoverage") ?? standard.MinCoverage,
            MinLabels = (int?)body.Whole("minLabels", 1, 10_000_000),
            MaxLabelLag = Lag(body) ?? standard.MaxLabelLag,
            MinEffect = body.Number("minEffect") ?? standard.MinEffect,
            Detectors = Names(body, "detectors", "Names of detectors are expected."),
            CompareWith = Names(body, "compareWith", $"{ReferenceWindows.Expected} is expected."),
        };
        var keepRows = body.Text("keepRows", LongestWord);
        if (keepRows is not (null or "none" or "sample"))
        {
            body.Refuse("keepRows", "none or sample is expected.");
        }
        faults.AddRange(AnalysisChecks.Faults(analysis).Where(fault => !faults.Exists(known => known.Field == fault.Field)));
        return faults.Count > 0 ? (null, faults) : (new WatchOptions(analysis, keepRows == "sample"), faults);
    }

    private static PredictionSchema Schema(BodyReader body, List<Failure.Invalid> faults)
    {
        if (body.Find("schema") is not { } element)
        {
            return PredictionSchema.None;
        }
        var schema = new BodyReader(element, "schema", faults, "task", "id", "time", "prediction", "score", "label", "positive");
        var word = schema.Text("task", LongestWord) ?? "none";
        if (!Tasks.Contains(word, StringComparer.Ordinal))
        {
            schema.Refuse("task", $"One of {string.Join(", ", Tasks)} is expected.");
            word = "none";
        }
        return new PredictionSchema(
            Enum.Parse<ModelTask>(word, ignoreCase: true), Column("id"), Column("time"), Column("prediction"), Column("score"), Column("label"), schema.Text("positive", LongestColumn));

        string? Column(string name) => schema.Text(name, LongestColumn);
    }

    private static ImmutableSortedDictionary<string, double> Thresholds(BodyReader body, List<Failure.Invalid> faults)
    {
        if (body.Find("thresholds") is not { } element)
        {
            return new AnalysisOptions().Thresholds;
        }
        var given = new BodyReader(element, "thresholds", faults);
        var thresholds = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (name, _) in given.All)
        {
            if (name.Length > LongestWord || thresholds.Count == MostThresholds)
            {
                body.Refuse("thresholds", $"It has up to {MostThresholds} metrics, each named by up to {LongestWord} characters.");
                break;
            }
            if (given.Number(name) is { } threshold)
            {
                thresholds[name] = threshold;
            }
        }
        return thresholds.ToImmutable();
    }

    private static ImmutableArray<string> Names(BodyReader body, string field, string problem)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in body.Items(field, MostNames) ?? [])
        {
            if (item.ValueKind is not JsonValueKind.String || item.GetString() is not { Length: > 0 and <= LongestWord } name)
            {
                body.Refuse(field, problem);
                break;
            }
            names.Add(name);
        }
        return names.ToImmutable();
    }

    private static TimeSpan? Lag(BodyReader body)
    {
        if (body.Text("maxLabelLag", LongestWord) is not { } text)
        {
            return null;
        }
        try
        {
            var lag = XmlConvert.ToTimeSpan(text);
            if (lag > TimeSpan.Zero && lag <= LongestLag)
            {
                return lag;
            }
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            // As for any other that is none.
        }
        body.Refuse("maxLabelLag", "An ISO 8601 duration of up to ten years is expected, as P30D or PT12H.");
        return null;
    }
}
