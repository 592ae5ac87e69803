using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Environments;

/// <summary>
/// A version as PEP 440 reads and orders it: epoch, release, pre-release, post-release, development release, local label; any accepted spelling (<c>v1.0-Alpha_2</c>
/// is <c>1.0a2</c>). Order: the epoch first; release numbers, where missing ones are 0; a bare development release before its pre-releases, those before the release, that
/// before its post-releases; a development release before what it leads to; a version before itself with a local label. In labels a number comes after
/// a word, and more parts after fewer.
/// </summary>
internal sealed partial class PythonVersion
{
    private const int MaxLength = 256;
    private readonly string epoch;
    private readonly ImmutableArray<string> release;

    // (phase, number): -1 is a development release of none of them, 3 is no pre-release at all.
    private readonly (int Phase, string Number) pre;
    private readonly string? post;
    private readonly string? dev;
    private readonly ImmutableArray<string> local;

    private PythonVersion(Match parts)
    {
        epoch = Number(parts.Groups["epoch"]) ?? "0";
        release = [.. Trailing(parts.Groups["release"].Value.Split('.').Select(Digits.Trim))];
        post = parts.Groups["post"].Success ? Number(parts.Groups["number"]) ?? Number(parts.Groups["bare"]) ?? "0" : null;
        dev = parts.Groups["dev"].Success ? Number(parts.Groups["devnumber"]) ?? "0" : null;
        pre = parts.Groups["phase"].Success
            ? (PhaseOf(parts.Groups["phase"].Value), Number(parts.Groups["prenumber"]) ?? "0")
            : (post is null && dev is not null ? -1 : 3, "0");
        local = parts.Groups["local"].Success
            ? [.. parts.Groups["local"].Value.ToLowerInvariant().Split('.', '-', '_').Select(static part => Digits.Are(part) ? Digits.Trim(part) : part)]
            : [];
    }

    public bool HasLocal => !local.IsEmpty;

    /// <summary>Null for a text that is no version.</summary>
    public static PythonVersion? Find(string text) => text.Length <= MaxLength && Pattern.Match(text.Trim()) is { Success: true } parts ? new PythonVersion(parts) : null;

    public int ComparedTo(PythonVersion other, bool ignoreLocal)
    {
        var order = Digits.Compare(epoch, other.epoch);
        order = order != 0 ? order : CompareReleases(release, other.release);
        order = order != 0 ? order : pre.Phase.CompareTo(other.pre.Phase);
        order = order != 0 ? order : Digits.Compare(pre.Number, other.pre.Number);
        order = order != 0 ? order : ComparePresent(post, other.post);
        order = order != 0 ? order : CompareDevelopment(dev, other.dev);
        return order != 0 || ignoreLocal ? order : CompareLabels(local, other.local);
    }

    private static string? Number(Group digits) => digits is { Success: true, Length: > 0 } ? Digits.Trim(digits.Value) : null;

    // 1.0 is 1.0.0: trailing zeros say nothing.
    private static IEnumerable<string> Trailing(IEnumerable<string> numbers) => numbers.Reverse().SkipWhile(static number => number == "0").Reverse();

    private static int PhaseOf(string word) => char.ToLowerInvariant(word[0]) switch { 'a' => 0, 'b' => 1, _ => 2 };

    private static int CompareReleases(ImmutableArray<string> x, ImmutableArray<string> y)
    {
        for (var at = 0; at < Math.Min(x.Length, y.Length); at++)
        {
            if (Digits.Compare(x[at], y[at]) is not 0 and var order)
            {
                return order;
            }
        }
        return x.Length.CompareTo(y.Length);
    }

    // None comes before any.
    private static int ComparePresent(string? x, string? y) => x is null || y is null ? (x is null ? 0 : 1) - (y is null ? 0 : 1) : Digits.Compare(x, y);

    // Any comes before none.
    private static int CompareDevelopment(string? x, string? y) => x is null || y is null ? (x is null ? 1 : 0) - (y is null ? 1 : 0) : Digits.Compare(x, y);

    private static int CompareLabels(ImmutableArray<string> x, ImmutableArray<string> y)
    {
        for (var at = 0; at < Math.Min(x.Length, y.Length); at++)
        {
            var (isNumber, isOtherNumber) = (Digits.Are(x[at]), Digits.Are(y[at]));
            var order = isNumber != isOtherNumber ? (isNumber ? 1 : -1) : isNumber ? Digits.Compare(x[at], y[at]) : Math.Sign(string.CompareOrdinal(x[at], y[at]));
            if (order != 0)
            {
                return order;
            }
        }
        return x.Length.CompareTo(y.Length);
    }

    [GeneratedRegex(
        @"^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\.[0-9]+)*)"
        + @"(?:[-_.]?(?<phase>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<prenumber>[0-9]*))?"
        + @"(?<post>-(?<bare>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?<number>[0-9]*))?"
        + @"(?<dev>[-_.]?dev[-_.]?(?<devnumber>[0-9]*))?"
        + @"(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern { get; }
}
