using Microsoft.AspNetCore.Http;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Takes a part of a window: rows or a profile, with the window in the query or in headers, or all of it as one JSON object.</summary>
internal sealed class WindowIntake(RowIntake intake, TargetStore targets, WindowStore windows)
{
    private const int EnvelopeBytes = 32 * 1024 * 1024;

    public async Task<(Result<PostedPart> Posted, List<Failure.Invalid> Faults)> PostAsync(FoundTarget found, HttpContext context, CancellationToken ct)
    {
        var stored = await targets.FindRowAsync(found.Target, ct);
        var watched = stored is null ? null : TargetRow.To(stored);
        var request = new MonitoringRequest(context);
        var faults = request.Faults;
        using var body = new PostedBody(context.Request.Body);
        context.Request.Body = body;
        var type = context.Request.ContentType ?? "";
        WindowTerms? terms;
        Intake? made = null;
        if (type.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) && await body.PeekAsync(ct) is '{')
        {
            var read = await JsonBody.ReadAsync(context.Request, MonitoringJson.Default.JsonElement, EnvelopeBytes, ct);
            if (!read.IsOk)
            {
                return (read.Failure, faults);
            }
            var envelope = new BodyReader(read.Value, "", faults, "window", "start", "end", "part", "rows", "profile");
            terms = envelope.IsObject ? WindowTerms.Of(envelope, faults) : null;
            if (envelope.IsObject)
            {
                made = await intake.ReadAsync(envelope, TermsOf(found, watched, terms), faults, ct);
            }
        }
        else
        {
            terms = WindowTerms.Of(request);
            if (terms is not null)
            {
                made = await intake.ReadAsync(body, type, TermsOf(found, watched, terms), faults, ct);
            }
        }
        return terms is null || made is null || faults.Count > 0 ? (default, faults) : (await windows.PostAsync(found, PartOf(terms, made, watched), stored, ct), faults);
    }

    private IntakeTerms TermsOf(FoundTarget found, Watched? watched, WindowTerms? terms) => new(watched, IsBaseline: false, terms?.Start ?? targets.Now, $"{found.Target.Key}\n{terms?.Window}\n{terms?.Part}");

    private static NewPart PartOf(WindowTerms terms, Intake made, Watched? watched) => new()
    {
        Window = terms.Window,
        Start = terms.Start,
        End = terms.End,
        Id = terms.Part,
        Digest = made.Digest,
        Rows = made.Profile.Rows,
        Predictions = made.Predictions.Length,
        Baseline = watched?.Baseline?.Number ?? 0,
        Profile = ProfileCodec.Write(made.Profile),
        Joined = made.Predictions.IsEmpty ? null : PredictionCodec.Write(made.Predictions),
    };
}
