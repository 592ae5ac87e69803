using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Models;

/// <summary>The moment as of which a page of the registry is asked for.</summary>
/// <param name="At">Null: now.</param>
/// <param name="Fault">Why what was given is no moment.</param>
internal readonly record struct AsOf(DateTimeOffset? At, Failure.Invalid? Fault)
{
    private const string Name = "asOf";

    public static AsOf Of(HttpRequest request)
    {
        // A plus in a query is a space. What the browser's own picker gives has no offset: its label says UTC.
        var text = request.Query[Name].ToString().Replace(' ', '+');
        return text.Length == 0 ? default
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) && moment.ToUnixTimeMilliseconds() is >= 0 and <= 99_999_999_999_999
                ? new(moment, null)
                : new(null, new Failure.Invalid(Name, "The moment is given as 2026-01-31T12:00:00Z, from 1970."));
    }

    /// <summary>As a field of a form has it.</summary>
    public static string Field(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>As links have it.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A query that asks for the same moment, with its question mark; empty: now.</summary>
    public static string Query(DateTimeOffset? at) => at is { } moment ? $"?{Name}={Uri.EscapeDataString(Text(moment))}" : "";
}
