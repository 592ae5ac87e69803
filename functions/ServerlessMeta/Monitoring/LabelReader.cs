using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Reads labels: a list in JSON, objects one after another, or CSV with the header <c>predictionId,label</c> and what else there is of <c>labelVersion</c>, <c>predictionTime</c>, <c>labelTime</c>. A label is a
/// text, a number or a truth value, and is written as predictions are: <c>1</c> and <c>1.0</c> are one.
/// </summary>
internal sealed class LabelReader(LabelFaults faults)
{
    private const int RecordBytes = 64 * 1024;
    private const int LongestLabel = 500;
    private const long HighestVersion = 1_000_000_000_000;
    private static readonly string[] Fields = ["predictionId", "label", "labelVersion", "predictionTime", "labelTime"];

    private readonly ImmutableArray<PostedLabel>.Builder labels = ImmutableArray.CreateBuilder<PostedLabel>();

    public int Count => labels.Count;

    public ImmutableArray<PostedLabel> Build() => labels.DrainToImmutable();

    /// <summary>False when no more is wanted.</summary>
    public bool Take(JsonElement element)
    {
        var number = labels.Count;
        List<Failure.Invalid> wrong = [];
        var body = new BodyReader(element, "", wrong, Fields);
        var id = body.NeedText("predictionId", MonitoringRequest.LongestId);
        var label = body.Need("label") is { } value ? TextOf(value, body) : null;
        var (version, predicted, labelled) = (body.Whole("labelVersion", 0, HighestVersion) ?? 0, body.Instant("predictionTime"), body.Instant("labelTime"));
        foreach (var fault in wrong)
        {
            faults.Add(number, fault.Field == "body" ? "" : fault.Field, fault.Problem);
        }
        return Add(new PostedLabel(id ?? "", label ?? "", version, predicted, labelled));
    }

    public async Task ReadLinesAsync(Stream body, CancellationToken ct)
    {
        await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable(body, MonitoringJson.Default.JsonElement, topLevelValues: true, ct))
        {
            if (!Take(element))
            {
                return;
            }
        }
    }

    public async Task ReadCsvAsync(Stream body, CancellationToken ct)
    {
        await using var reader = CsvReader.Create(body, new CsvReaderOptions { HasHeader = false, MaxRecordSize = RecordBytes, SkipEmptyLines = true }, leaveOpen: true);
        if (!await reader.ReadAsync(ct))
        {
            return;
        }
        var columns = Enumerable.Range(0, reader.FieldCount).Select(at => Encoding.UTF8.GetString(reader.GetSpan(at).TrimStart("\ufeff"u8)).Trim()).ToList();
        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Count || columns.Exists(static name => !Fields.Contains(name, StringComparer.Ordinal)) || !columns.Contains("predictionId", StringComparer.Ordinal) || !columns.Contains("label", StringComparer.Ordinal))
        {
            faults.All.Add(new Failure.Invalid("columns", $"predictionId and label are expected, and what else there is of {string.Join(", ", Fields[2..])}; each once."));
            return;
        }
        while (await reader.ReadAsync(ct))
        {
            if (reader.FieldCount != columns.Count)
            {
                faults.Add(labels.Count, "", $"It has {reader.FieldCount} fields, the header has {columns.Count}.");
            }
            if (!TakeRecord(columns, [.. Enumerable.Range(0, Math.Min(reader.FieldCount, columns.Count)).Select(at => Encoding.UTF8.GetString(reader.GetSpan(at)))]))
            {
                return;
            }
        }
    }

    private bool TakeRecord(List<string> columns, string[] record)
    {
        var number = labels.Count;
        var (id, label) = (Field("predictionId"), Field("label"));
        if (BodyReader.RefuseText(id, MonitoringRequest.LongestId) is { } wrongId)
        {
            faults.Add(number, "predictionId", wrongId);
        }
        if (BodyReader.RefuseText(label, LongestLabel) is { } wrongLabel)
        {
            faults.Add(number, "label", wrongLabel);
        }
        if (!long.TryParse(Field("labelVersion") is { Length: > 0 } given ? given : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version > HighestVersion)
        {
            faults.Add(number, "labelVersion", $"A whole number from 0 to {HighestVersion} is expected.");
        }
        return Add(new PostedLabel(id, CategoryText.Of(label), version, Instant("predictionTime"), Instant("labelTime")));

        string Field(string name) => columns.IndexOf(name) is >= 0 and var at && at < record.Length ? record[at] : "";

        DateTimeOffset? Instant(string name)
        {
            if (Field(name) is not { Length: > 0 } text)
            {
                return null;
            }
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant.Year is >= 1970 and < 3000)
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
            }
            faults.Add(number, name, "An instant as in 2026-01-31T12:00:00Z is expected.");
            return null;
        }
    }

    private bool Add(PostedLabel label)
    {
        labels.Add(label);
        if (labels.Count > LabelStore.MostLabels)
        {
            faults.All.Add(new Failure.Invalid("labels", string.Create(CultureInfo.InvariantCulture, $"A batch has up to {LabelStore.MostLabels} labels.")));
            return false;
        }
        return !faults.IsFull;
    }

    private static string? TextOf(JsonElement value, BodyReader body)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return CategoryText.Of(value.GetBoolean());
            case JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number):
                return CategoryText.Of(number);
            case JsonValueKind.String:
                return body.Text("label", LongestLabel) is { } text ? CategoryText.Of(text) : null;
            default:
                body.Refuse("label", "A text, a finite number, true or false is expected.");
                return null;
        }
    }
}
