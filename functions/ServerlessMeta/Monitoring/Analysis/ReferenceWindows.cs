using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>Windows before as a reference: <c>previous</c>, the last one; or <c>rolling(k)</c>, the last k as one, 2 to 100.</summary>
/// <param name="Count">How many windows.</param>
internal sealed partial record ReferenceWindows(int Count)
{
    private const int Most = 100;

    /// <summary>As it is written, and as a result says it.</summary>
    public string Name => Count == 1 ? "previous" : string.Create(CultureInfo.InvariantCulture, $"rolling({Count})");

    /// <summary>Null for <c>training</c>, and for what is neither.</summary>
    public static ReferenceWindows? Parse(string text) =>
        text == "previous" ? new(1)
        : Rolling.Match(text) is { Success: true } match && int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) is >= 2 and <= Most and var count ? new(count)
        : null;

    /// <summary>The profile to compare with: the last <see cref="Count"/> of the windows before that have rows, merged. Null when there is none; fewer than asked for are better than nothing.</summary>
    /// <param name="before">The profiles of earlier windows, the latest last.</param>
    public DataProfile? Of(IReadOnlyList<DataProfile> before)
    {
        ImmutableArray<DataProfile> last = [.. before.Where(static one => one.Rows > 0).TakeLast(Count)];
        return last.Length switch
        {
            0 => null,
            1 => last[0],
            _ => ProfileMerge.Merge(last),
        };
    }

    [GeneratedRegex(@"^rolling\((?<count>[1-9][0-9]{0,2})\)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rolling { get; }
}
