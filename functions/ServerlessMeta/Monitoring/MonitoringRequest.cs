using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads the queries and headers of monitoring; every fault is noted.</summary>
internal sealed partial class MonitoringRequest(HttpContext context)
{
    public const int LongestId = 200;

    public List<Failure.Invalid> Faults { get; } = [];

    public string? PageToken => Text("pageToken");

    public int Size() => PageSize.Read(Text("pageSize"), Faults);

    /// <summary>Null when it is not given.</summary>
    public string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The id of a window, a part or a batch.</summary>
    public string? Id(string name, string? header = null)
    {
        if ((Text(name) ?? Header(header)) is not { } id)
        {
            return null;
        }
        if (BodyReader.RefuseText(id, LongestId) is { } wrong)
        {
            Faults.Add(new Failure.Invalid(name, wrong));
            return null;
        }
        return id;
    }

    public DateTimeOffset? Instant(string name, string? header = null)
    {
        // A plus in a query is a space.
        if ((Text(name)?.Replace(' ', '+') ?? Header(header)) is not { } text)
        {
            return null;
        }
        if (InstantPattern.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) && instant.Year is >= 1970 and < 3000)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
        }
        Faults.Add(new Failure.Invalid(name, "An instant is expected as 2026-01-31T12:00:00Z, with its offset (RFC 3339), from 1970."));
        return null;
    }

    public int? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }
        Faults.Add(new Failure.Invalid(name, "A whole number from 1 is expected."));
        return null;
    }

    /// <summary>The revision that If-Match asks for; null: whichever. A tag that is none of ours matches none.</summary>
    public long? Revision()
    {
        var given = context.Request.Headers.IfMatch;
        return given.Count == 0 || given == "*" ? null
            : EntityTagHeaderValue.TryParse(given.ToString(), out var tag) && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision
            : -1;
    }

    public void Tag(long revision) => context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    private string? Header(string? name) => name is not null && context.Request.Headers[name].ToString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+\-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InstantPattern { get; }
}
