using System.Text.RegularExpressions;

namespace ServerlessMeta.Ui.Models;

/// <summary>What is written into the box of the registry's list: a part of a name, or conditions.</summary>
internal static partial class ModelFilter
{
    /// <summary>A filter in the API's own words; null: all.</summary>
    public static string? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : ConditionPattern.IsMatch(text) ? text.Trim()
        : $"name ILIKE '%{Quoted(text.Trim())}%'";

    public static string OfTag(string key, string value) => $"tags.`{key}` = '{Quoted(value)}'";

    public static string OfOwner(string owner) => $"owner = '{Quoted(owner)}'";

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    [GeneratedRegex(@"[=<>]|\b(I?LIKE|IN|IS)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ConditionPattern { get; }
}
