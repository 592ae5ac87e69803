using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessMeta.Triggers;

/// <summary>
/// What is sent: CloudEvents 1.0 as structured JSON. <c>id</c> is the trigger's, with <c>-detected</c> or <c>-recovered</c> behind it when drift began or ended; <c>source</c>
/// <c>/models/{name}/versions/{number}</c>, <c>/monitors/{name}</c> or <c>/experiments/{id}</c>; the same source and id is the same event. <c>data</c> = {decision, rule, ruleRevision, mode, cause[], windows[],
/// metrics[{column, metric, value, p, lo, hi, threshold, n}], baselineId, cooldownUntil, links}, less than 60 KiB: of more the worst are told, and <c>truncated</c> is true.
/// </summary>
internal static class TriggerEvent
{
    public const string ContentType = "application/cloudevents+json";
    private const string Prefix = "dev.serverlessmeta.";
    private const int HighestBytes = 60 * 1024;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string TypeOf(Trigger trigger, TriggerEventKind kind) => Prefix + kind switch
    {
        TriggerEventKind.Detected => "drift.detected.v1",
        TriggerEventKind.Recovered => "drift.recovered.v1",
        _ => trigger.Model == 0 && trigger.Monitor is null ? "run.anomaly.v1" : "retrain.requested.v1",
    };

    public static string IdOf(string decision, TriggerEventKind kind) => kind switch
    {
        TriggerEventKind.Detected => decision + "-detected",
        TriggerEventKind.Recovered => decision + "-recovered",
        _ => decision,
    };

    public static byte[] Write(Trigger trigger, TriggerEventKind kind)
    {
        for (var most = 200; ; most /= 2)
        {
            var written = Write(trigger, kind, most);
            if (written.Length <= HighestBytes || most == 0)
            {
                return written;
            }
        }
    }

    private static byte[] Write(Trigger trigger, TriggerEventKind kind, int most)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, IdOf(trigger.Id, kind));
            json.WriteString("source"u8, TriggerLinks.SourceOf(trigger));
            json.WriteString("type"u8, TypeOf(trigger, kind));
            json.WriteString("subject"u8, trigger.Rule);
            json.WriteString("time"u8, trigger.At.UtcDateTime);
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WriteString("dataschema"u8, $"urn:serverlessmeta:schema:{TypeOf(trigger, kind)}");
            json.WriteStartObject("data"u8);
            WriteData(json, trigger, most);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteData(Utf8JsonWriter json, Trigger trigger, int most)
    {
        json.WriteString("decision"u8, trigger.Id);
        json.WriteString("rule"u8, trigger.Rule);
        json.WriteNumber("ruleRevision"u8, trigger.RuleRevision);
        json.WriteString("mode"u8, RuleWords.Of(trigger.Mode));
        if (trigger.ModelName is { } model)
        {
            json.WriteString("model"u8, model);
            json.WriteNumber("modelNumber"u8, trigger.Model);
            json.WriteNumber("version"u8, trigger.Version);
        }
        if (trigger.Monitor is { } monitor)
        {
            json.WriteString("monitor"u8, monitor);
        }
        if (trigger.Experiment is { } experiment)
        {
            json.WriteString("experiment"u8, experiment);
        }
        json.WriteNumber("baselineId"u8, trigger.Baseline);
        if (trigger.CooldownUntil is { } until)
        {
            json.WriteString("cooldownUntil"u8, until.UtcDateTime);
        }
        json.WriteStartArray("cause"u8);
        foreach (var cause in trigger.Cause.Take(most))
        {
            json.WriteStartObject();
            json.WriteString("signal"u8, cause.Signal);
            json.WriteString("metric"u8, cause.Metric);
            json.WriteString("op"u8, cause.Op);
            json.WriteNumber("threshold"u8, cause.Threshold);
            Number(json, "value", cause.Value);
            json.WriteNumber("n"u8, cause.N);
            json.WriteBoolean("hit"u8, cause.Hit);
            if (cause.Baseline is { } baseline)
            {
                json.WriteString("baseline"u8, baseline);
            }
            if (cause.Reason is { } reason)
            {
                json.WriteString("reason"u8, reason);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("windows"u8);
        foreach (var window in trigger.Windows.TakeLast(most))
        {
            json.WriteStartObject();
            json.WriteString("window"u8, window.Window);
            json.WriteString("start"u8, window.Start.UtcDateTime);
            json.WriteString("end"u8, window.End.UtcDateTime);
            json.WriteBoolean("hit"u8, window.Hit);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        var metrics = trigger.Cause.SelectMany(static cause => cause.Columns.Select(column => (cause, column))).ToList();
        json.WriteStartArray("metrics"u8);
        foreach (var (cause, column) in metrics.Take(most))
        {
            json.WriteStartObject();
            if (column.Column is { } name)
            {
                json.WriteString("column"u8, name);
            }
            json.WriteString("metric"u8, column.Metric);
            Number(json, "value", column.Value);
            Number(json, "p", column.P);
            Number(json, "lo", column.Low);
            Number(json, "hi", column.High);
            json.WriteNumber("threshold"u8, cause.Threshold);
            json.WriteNumber("n"u8, column.N);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (metrics.Count > most || trigger.Cause.Length > most || trigger.Windows.Length > most)
        {
            json.WriteBoolean("truncated"u8, true);
        }
        json.WriteStartObject("links"u8);
        foreach (var (name, link) in TriggerLinks.Of(trigger))
        {
            json.WriteString(name, link);
        }
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
    }
}
