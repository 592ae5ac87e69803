using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Makes profiles and predictions of what is posted: rows, or a profile that its producer made.</summary>
internal sealed class RowIntake(ProfileCache profiles)
{
    public const string ProfileType = "application/vnd.serverlessmeta.profile+json";
    private const int MostProfileBytes = 32 * 1024 * 1024;

    /// <summary>Of a stream, which is hashed whole. Null when there are faults.</summary>
    /// <param name="body">The content.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="terms">How it is read.</param>
    /// <param name="faults">Takes the faults.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Intake?> ReadAsync(PostedBody body, string contentType, IntakeTerms terms, List<Failure.Invalid> faults, CancellationToken ct)
    {
        if (contentType.Split(';')[0].Trim().Equals(ProfileType, StringComparison.OrdinalIgnoreCase))
        {
            return await ParseAsync(body, faults, ct) is { } json && await ProfileAsync(json, "", terms, faults, ct) is { } ready ? new Intake(ready, [], await body.DigestAsync(ct), "profile") : null;
        }
        var wrong = new RowFaults();
        if (await RowIngest.ReadAsync(body, contentType, await OptionsAsync(terms, ct), wrong, ct) is { } read)
        {
            return new Intake(read.Profile, read.Predictions, await body.DigestAsync(ct), "rows");
        }
        faults.AddRange(wrong.All);
        return null;
    }

    /// <summary>Of rows in a JSON body, <c>{"rows":[...]}</c>, or a profile there, <c>{"profile":{...}}</c>; its digest is that of the JSON without white space.</summary>
    public async Task<Intake?> ReadAsync(BodyReader body, IntakeTerms terms, List<Failure.Invalid> faults, CancellationToken ct)
    {
        if (body.Find("rows") is { } rows)
        {
            if (body.Has("profile"))
            {
                body.Refuse("profile", "Either rows or a profile is posted.");
                return null;
            }
            if (rows.ValueKind is not JsonValueKind.Array)
            {
                body.Refuse("rows", "A list of objects is expected.");
                return null;
            }
            using var stream = new PostedBody(new MemoryStream(Compact(rows)));
            return await ReadAsync(stream, "application/json", terms, faults, ct);
        }
        if (body.Need("profile") is not { } profile)
        {
            return null;
        }
        return await ProfileAsync(profile, "profile", terms, faults, ct) is { } ready ? new Intake(ready, [], Convert.ToHexStringLower(SHA256.HashData(Compact(profile))), "profile") : null;
    }

    private static async Task<JsonElement?> ParseAsync(PostedBody body, List<Failure.Invalid> faults, CancellationToken ct)
    {
        try
        {
            await using var bounded = new BoundedStream(body, MostProfileBytes);
            return await JsonSerializer.DeserializeAsync(bounded, MonitoringJson.Default.JsonElement, ct);
        }
        catch (JsonException wrong)
        {
            faults.Add(new Failure.Invalid("body", $"The body is no JSON of the expected shape: {wrong.Message.Split('\n')[0]}"));
        }
        catch (BoundedStream.ExceededException)
        {
            faults.Add(new Failure.Invalid("body", $"A profile has up to {MostProfileBytes >> 20} MiB."));
        }
        return null;
    }

    private async Task<DataProfile?> ProfileAsync(JsonElement json, string path, IntakeTerms terms, List<Failure.Invalid> faults, CancellationToken ct) =>
        ReadyProfile.Read(json, path, await BaselineAsync(terms, ct), faults);

    private async Task<DataProfile?> BaselineAsync(IntakeTerms terms, CancellationToken ct) =>
        terms.IsBaseline || terms.Watched?.Baseline is not { } baseline ? null : await profiles.ReadAsync(baseline.ProfileBlob, ct);

    private async Task<RowIngestOptions> OptionsAsync(IntakeTerms terms, CancellationToken ct) => new()
    {
        Schema = terms.Watched?.Options.Analysis.Schema ?? PredictionSchema.None,
        Baseline = await BaselineAsync(terms, ct),
        SampleRows = terms.Watched?.Options.KeepsSample is true ? SampleMerge.Most : 0,
        // The same content gives the same sample, whichever instance takes it.
        Seed = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(terms.Seed))),
        DefaultTime = terms.Time,
    };

    private static byte[] Compact(JsonElement element)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            element.WriteTo(json);
        }
        return bytes.WrittenSpan.ToArray();
    }
}
