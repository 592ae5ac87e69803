using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Audit;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Audit;

/// <summary>Who changed what and when, and the proof that it is so.</summary>
internal static class AuditPages
{
    private const int PageSize = 100;

    // Each lies in one partition: together an operation each, however large the store is.
    private static readonly ImmutableArray<string> Cheap = ["comments", "experiment", "model", "rule", "token", "views", "webhook"];

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/audit", ListAsync);
        pages.MapGet("/audit/verify", VerifyAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, AuditReader reader, AuditSources sources, CancellationToken ct)
    {
        var asked = new AuditModel
        {
            Object = Text("object"),
            Kind = Text("kind") is { } kind && sources.Find(kind) is not null ? kind : null,
            By = Text("by"),
            Action = Text("action"),
            From = Text("from"),
            To = Text("to"),
            Kinds = [.. sources.All.Select(static source => source.Kind)],
            IsRecent = false,
        };
        if (asked is { Object: null, Kind: null, By: null, Action: null, From: null, To: null })
        {
            var recent = await Task.WhenAll(Cheap.Select(one => reader.ListAsync(new AuditQuery { Kind = one }, PageSize, null, ct)));
            return Page.Show<AuditListPage>(asked with { IsRecent = true, Days = DaysOf(recent.Where(static one => one.IsOk).SelectMany(static one => one.Value.Items).OrderByDescending(static one => one.At).Take(PageSize)) });
        }
        var query = new AuditQuery { Object = asked.Object, Kind = asked.Kind, By = asked.By, Action = asked.Action, From = DayOf(asked.From), To = DayOf(asked.To)?.AddDays(1).AddTicks(-1) };
        var found = await reader.ListAsync(query, PageSize, Text("page"), ct);
        return Page.Show<AuditListPage>(found.IsOk ? asked with { Days = DaysOf(found.Value.Items), Next = found.Value.Next } : asked with { Fault = found.Failure.Detail });

        string? Text(string name) => request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    private static async Task<IResult> VerifyAsync(HttpRequest request, AuditVerifier verifier, CancellationToken ct)
    {
        var named = request.Query["object"].ToString().Trim();
        var report = named.Length > 0 ? await verifier.VerifyAsync(named, ct) : await verifier.VerifyNextAsync(request.Query["page"].ToString() is { Length: > 0 } token ? token : null, ct);
        return Page.Show<AuditCheckPage>(new AuditCheckModel(
            named.Length > 0 ? named : null, report.IsOk ? report.Value : null, report.IsOk && report.Value.NextPageToken is { } next ? $"/audit/verify?page={Uri.EscapeDataString(next)}" : null, report.IsOk ? null : report.Failure.Detail));
    }

    private static ImmutableArray<AuditDay> DaysOf(IEnumerable<AuditEntryView> entries) =>
        [.. entries.GroupBy(static one => DateOnly.FromDateTime(one.At.UtcDateTime)).Select(static day => new AuditDay(day.Key, [.. day]))];

    private static DateTimeOffset? DayOf(string? day) =>
        DateTimeOffset.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var found) && found >= DateTimeOffset.UnixEpoch ? found : null;
}
