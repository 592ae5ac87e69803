using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Environments;

/// <summary>
/// A version by SemVer 2.0 precedence: the numbers first (missing ones are 0); a version with pre-release identifiers before the same without; identifiers one by one,
/// numbers by value and before words, words by their characters, fewer before more. Build metadata says nothing. NuGet adds a fourth number and compares
/// words without case. A leading <c>v</c> is a spelling.
/// </summary>
internal sealed partial class SemanticVersion
{
    private const int MaxLength = 256;
    private readonly ImmutableArray<string> numbers;
    private readonly ImmutableArray<string> identifiers;

    private SemanticVersion(ImmutableArray<string> numbers, ImmutableArray<string> identifiers) => (this.numbers, this.identifiers) = (numbers, identifiers);

    /// <summary>Null for a text that is no version.</summary>
    public static SemanticVersion? Find(string text, int mostNumbers, bool ignoreCase)
    {
        if (text.Length > MaxLength || Pattern.Match(text.Trim()) is not { Success: true } parts)
        {
            return null;
        }
        var written = parts.Groups["numbers"].Value.Split('.');
        if (written.Length > mostNumbers)
        {
            return null;
        }
        var before = parts.Groups["before"].Value;
        return new SemanticVersion(
            [.. written.Select(Digits.Trim)],
            before.Length == 0 ? [] : [.. (ignoreCase ? before.ToLowerInvariant() : before).Split('.').Select(static part => Digits.Are(part) ? Digits.Trim(part) : part)]);
    }

    public int ComparedTo(SemanticVersion other)
    {
        for (var at = 0; at < Math.Max(numbers.Length, other.numbers.Length); at++)
        {
            if (Digits.Compare(NumberAt(at), other.NumberAt(at)) is not 0 and var order)
            {
                return order;
            }
        }
        if (identifiers.IsEmpty || other.identifiers.IsEmpty)
        {
            return (identifiers.IsEmpty ? 1 : 0) - (other.identifiers.IsEmpty ? 1 : 0);
        }
        for (var at = 0; at < Math.Min(identifiers.Length, other.identifiers.Length); at++)
        {
            if (CompareIdentifiers(identifiers[at], other.identifiers[at]) is not 0 and var order)
            {
                return order;
            }
        }
        return identifiers.Length.CompareTo(other.identifiers.Length);
    }

    private string NumberAt(int at) => at < numbers.Length ? numbers[at] : "0";

    private static int CompareIdentifiers(string x, string y)
    {
        var (isNumber, isOtherNumber) = (Digits.Are(x), Digits.Are(y));
        return isNumber != isOtherNumber ? (isNumber ? -1 : 1) : isNumber ? Digits.Compare(x, y) : Math.Sign(string.CompareOrdinal(x, y));
    }

    [GeneratedRegex(
        @"^v?(?<numbers>[0-9]+(?:\.[0-9]+)*)(?:-(?<before>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern { get; }
}
