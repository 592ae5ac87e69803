using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Environments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Evaluations;

/// <summary>What is said of an evaluation as JSON that is the same bytes for the same content: it is hashed, and it is what is kept.</summary>
internal static class EvaluationContentJson
{
    public static byte[] Write(EvaluationContent content)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            json.Text("dataset", content.Dataset).Text("digest", content.Digest).TextIf("slice", content.Slice);
            json.List("metrics", content.Metrics, metric => json.Object(null, () => WriteMetric(json, metric)));
            json.TextIf("evaluator", content.Evaluator).TextIf("run", content.Run?.ToString());
            json.List("plots", content.Plots, plot => json.Object(null, () => json.Text("name", plot.Name).TextIf("uri", plot.Uri).TextIf("path", plot.Path).TextIf("digest", plot.Digest)));
            json.TextIf("at", content.At?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).TextIf("note", content.Note);
            json.Object("higherIsBetter", () =>
            {
                foreach (var (metric, higher) in content.HigherIsBetter)
                {
                    json.Flag(metric, higher);
                }
            });
        });
        return json.ToUtf8();
    }

    public static EvaluationContent Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new EvaluationContent
        {
            Dataset = Text(root, "dataset")!,
            Digest = Text(root, "digest")!,
            Slice = Text(root, "slice"),
            Metrics = [.. root.GetProperty("metrics"u8).EnumerateArray().Select(static metric => new EvaluationMetric(
                Text(metric, "key")!, metric.GetProperty("value"u8).GetDouble(), metric.TryGetProperty("n"u8, out var count) ? count.GetInt64() : null, Double(metric, "low"), Double(metric, "high")))],
            Evaluator = Text(root, "evaluator"),
            Run = Text(root, "run") is { } run ? RunId.Parse(run, CultureInfo.InvariantCulture) : null,
            Plots = [.. root.GetProperty("plots"u8).EnumerateArray().Select(static plot => new EvaluationPlot(Text(plot, "name")!, Text(plot, "uri"), Text(plot, "path"), Text(plot, "digest")))],
            At = root.TryGetProperty("at"u8, out var at) ? at.GetDateTimeOffset() : null,
            Note = Text(root, "note"),
            HigherIsBetter = root.GetProperty("higherIsBetter"u8).EnumerateObject().ToImmutableSortedDictionary(static one => one.Name, static one => one.Value.GetBoolean(), StringComparer.Ordinal),
        };
    }

    private static void WriteMetric(CanonicalJson json, EvaluationMetric metric)
    {
        json.Text("key", metric.Key).Number("value", metric.Value);
        if (metric.Count is { } count)
        {
            json.Number("n", count);
        }
        if (metric.Low is { } low)
        {
            json.Number("low", low);
        }
        if (metric.High is { } high)
        {
            json.Number("high", high);
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? Double(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
