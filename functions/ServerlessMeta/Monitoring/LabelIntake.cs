using Microsoft.AspNetCore.Http;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Takes labels: as one JSON object with the id of their batch, or as lines or CSV with that in the query or in a header.</summary>
internal sealed class LabelIntake(LabelStore labels)
{
    private const int EnvelopeBytes = 64 * 1024 * 1024;
    private const string Types = "application/json, application/x-ndjson, text/csv";

    public async Task<(Result<(LabelBatch Batch, bool IsNew)> Posted, List<Failure.Invalid> Faults)> PostAsync(FoundTarget found, HttpContext context, CancellationToken ct)
    {
        var request = new MonitoringRequest(context);
        var batch = request.Id("batch", "Label-Batch");
        var faults = new LabelFaults();
        faults.All.AddRange(request.Faults);
        var reader = new LabelReader(faults);
        await using var body = new BoundedStream(context.Request.Body, RowIngestOptions.MostBytes);
        switch ((context.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant())
        {
            case "application/json":
                batch = await ReadAsync(context.Request, reader, faults, ct) ?? batch;
                break;
            case "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines":
                await TryAsync(reader.ReadLinesAsync(body, ct), faults);
                break;
            case "text/csv" or "application/csv":
                await TryAsync(reader.ReadCsvAsync(body, ct), faults);
                break;
            default:
                faults.All.Add(new Failure.Invalid("Content-Type", $"Labels are of these types: {Types}."));
                break;
        }
        if (faults.All.Count == 0 && reader.Count == 0)
        {
            faults.All.Add(new Failure.Invalid("labels", "There are none."));
        }
        return faults.All.Count > 0 ? (default, faults.All) : (await labels.PostAsync(found, batch, reader.Build(), ct), faults.All);
    }

    private static async Task<string?> ReadAsync(HttpRequest request, LabelReader reader, LabelFaults faults, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync(request, MonitoringJson.Default.JsonElement, EnvelopeBytes, ct);
        if (!read.IsOk)
        {
            faults.All.Add(read.Failure as Failure.Invalid ?? new Failure.Invalid("body", read.Failure.Detail));
            return null;
        }
        var body = new BodyReader(read.Value, "", faults.All, "batch", "labels");
        if (body.Need("labels") is not null && body.Items("labels", LabelStore.MostLabels) is { } items)
        {
            foreach (var item in items)
            {
                if (!reader.Take(item))
                {
                    break;
                }
            }
        }
        return body.Text("batch", MonitoringRequest.LongestId);
    }

    private static async Task TryAsync(Task reading, LabelFaults faults)
    {
        try
        {
            await reading;
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or CsvHelper.CsvFormatException)
        {
            faults.All.Add(new Failure.Invalid("body", $"It cannot be read: {wrong.Message.Split('\n')[0]}"));
        }
        catch (BoundedStream.ExceededException)
        {
            faults.All.Add(new Failure.Invalid("body", $"Labels have up to {RowIngestOptions.MostBytes >> 20} MiB a body."));
        }
    }
}
