using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.Evaluations;

/// <summary>
/// Evaluations in the registry's partition, so that each is one transaction with its audit entry; {model} and {version} as there:
/// <code>
/// e|{model:d10}|{version:d10}|{99999999999999 - milliseconds:d14}|{9999999999 - revision:d10}   an evaluation, the newest first
/// i|{model:d10}|{version:d10}|{id}                                      the claim of an evaluation's id: which row has it
/// </code>
/// </summary>
internal static class EvaluationKeys
{
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static string Evaluation(long model, int version, DateTimeOffset at, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"e|{ModelKeys.OfVersion(model, version)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{LastRevision - revision:d10}");

    public static string Claim(long model, int version, string id) => $"i|{ModelKeys.OfVersion(model, version)}|{id}";

    /// <summary>The evaluations of a version, those alone that were recorded by a moment when there is one.</summary>
    public static (string From, string Below) Evaluations(long model, int version, DateTimeOffset? until)
    {
        var all = $"e|{ModelKeys.OfVersion(model, version)}";
        return (until is { } moment ? string.Create(CultureInfo.InvariantCulture, $"{all}|{LastMillisecond - moment.ToUnixTimeMilliseconds():d14}|") : $"{all}|", $"{all}}}");
    }
}
