using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Makes a baseline of what is posted, and puts it into force.</summary>
internal sealed class BaselineIntake(RowIntake intake, DatasetFiles datasets, TargetStore targets, MonitoringContents contents)
{
    private const int EnvelopeBytes = 32 * 1024 * 1024;
    private const int LongestName = 500;

    public async Task<(Result<(BaselineRecord Baseline, bool IsNew)> Posted, List<Failure.Invalid> Faults)> PostAsync(FoundTarget found, HttpRequest request, CancellationToken ct)
    {
        // A time that is always the same: what is posted again has the same predictions, and is known.
        var terms = new IntakeTerms(await targets.FindAsync(found.Target, ct), IsBaseline: true, DateTimeOffset.UnixEpoch, found.Target.Key);
        List<Failure.Invalid> faults = [];
        using var body = new PostedBody(request.Body);
        request.Body = body;
        var type = request.ContentType ?? "";
        var made = IsJson(type) && await body.PeekAsync(ct) is '{' ? await ReadAsync(request, terms, faults, ct) : await intake.ReadAsync(body, type, terms, faults, ct);
        if (made is not null && made.Profile.Rows == 0)
        {
            faults.Add(new Failure.Invalid("rows", "A baseline has rows: nothing can be compared with none."));
        }
        return made is null || faults.Count > 0 ? (default, faults) : (await StoreAsync(found, made, ct), faults);
    }

    private static bool IsJson(string contentType) => contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private async Task<Intake?> ReadAsync(HttpRequest request, IntakeTerms terms, List<Failure.Invalid> faults, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync(request, MonitoringJson.Default.JsonElement, EnvelopeBytes, ct);
        if (!read.IsOk)
        {
            faults.Add(read.Failure as Failure.Invalid ?? new Failure.Invalid("body", read.Failure.Detail));
            return null;
        }
        var body = new BodyReader(read.Value, "", faults, "rows", "profile", "dataset");
        if (body.Find("dataset") is not { } dataset)
        {
            return await intake.ReadAsync(body, terms, faults, ct);
        }
        if (body.Has("rows") || body.Has("profile"))
        {
            body.Refuse("dataset", "Either rows, a profile or a dataset is posted.");
        }
        var named = new BodyReader(dataset, "dataset", faults, "artifact", "version");
        var artifact = named.NeedText("artifact", LongestName);
        var version = named.Find("version") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : named.Text("version", LongestName) ?? "latest";
        return faults.Count > 0 ? null : await ReadAsync(artifact!, version, terms, faults, ct);
    }

    private async Task<Intake?> ReadAsync(string artifact, string version, IntakeTerms terms, List<Failure.Invalid> faults, CancellationToken ct)
    {
        var file = await datasets.FindAsync(artifact, version, ct);
        if (!file.IsOk)
        {
            faults.Add((Failure.Invalid)file.Failure);
            return null;
        }
        var (stream, type) = datasets.Open(file.Value.File);
        await using var content = stream;
        using var body = new PostedBody(content);
        return await intake.ReadAsync(body, type, terms, faults, ct) is { } made
            ? made with { Source = string.Create(CultureInfo.InvariantCulture, $"dataset:{artifact}/{file.Value.Version}") } : null;
    }

    private async Task<Result<(BaselineRecord Baseline, bool IsNew)>> StoreAsync(FoundTarget found, Intake made, CancellationToken ct) => await targets.SetBaselineAsync(
        found,
        new BaselineRecord
        {
            Number = 0,
            Digest = made.Digest,
            Source = made.Source,
            Rows = made.Profile.Rows,
            Columns = made.Profile.Columns.Length,
            Predictions = made.Predictions.Length,
            ProfileBlob = await contents.PutAsync(found.Target, ProfileCodec.Write(made.Profile), ct),
            PredictionsBlob = made.Predictions.IsEmpty ? null : await contents.PutAsync(found.Target, PredictionCodec.Write(made.Predictions), ct),
            CreatedAt = targets.Now,
            By = "",
        },
        ct);
}
