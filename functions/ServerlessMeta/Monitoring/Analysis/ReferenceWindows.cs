using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>Windows before as a reference: <c>previous</c>, the last one; or <c>rolling(k)</c>, the last k as one, 2 to 100.</summary>
/// <param name="Count">How many windows.</param>
internal sealed partial record ReferenceWindows(int Count)
{
    /// <summary>What is expected, in words.</summary>
    public const string Expected = "previous, or rolling(2) to rolling(100)";
    private const int Most = 100;

    /// <summary>As it is written, and as a result says it.</summary>
    public string Name => Count == 1 ? "previous" : string.Create(CultureInfo.InvariantCulture, $"rolling({Count})");

    /// <summary>Null for what is neither.</summary>
    public static ReferenceWindows? Parse(string text) =>
        text == "previous" ? new(1)
        : Rolling.Match(text) is { Success: true } match && int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) is >= 2 and <= Most and var count ? new(count)
        : null;

    /// <summary>How many windows are needed for all of them; 0: there are none.</summary>
    public static int Needed(ImmutableArray<string> references) => references.IsDefaultOrEmpty ? 0 : references.Max(static one => Parse(one)?.Count ?? 0);

    /// <summary>A window against the last of those before it that have rows: fewer than asked for are better than nothing; none, and nothing is compared.</summary>
    /// <param name="before">The latest last.</param>
    /// <param name="current">The window's.</param>
    /// <param name="options">How it is judged.</param>
    public ProfileComparison Compare(ImmutableArray<EarlierWindow> before, DataProfile current, AnalysisOptions options)
    {
        ImmutableArray<EarlierWindow> last = [.. before.Where(static one => one.Profile.Rows > 0).TakeLast(Count)];
        if (last.IsEmpty)
        {
            return new ProfileComparison(Name, [], [], []);
        }
        var (columns, dataset) = ProfileAnalysis.Compare(last is [var only] ? only.Profile : ProfileMerge.Merge([.. last.Select(static one => one.Profile)]), current, options);
        return new ProfileComparison(Name, [.. last.Select(static one => one.Window)], columns, dataset);
    }

    [GeneratedRegex(@"^rolling\((?<count>[1-9][0-9]{0,2})\)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rolling { get; }
}
