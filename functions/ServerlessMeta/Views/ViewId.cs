using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Views;

/// <summary>What names a view of an experiment, chosen by whoever saves it first: so saving again is safe, and renaming breaks no link.</summary>
public readonly partial record struct ViewId : IParsable<ViewId>
{
    public const string Rule = "A view's id has 1 to 64 characters: a-z, digits, hyphens and underscores, the first a letter or digit.";

    private readonly string? text;

    private ViewId(string text) => this.text = text;

    public static ViewId Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var id) ? id : throw new FormatException(Rule);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ViewId result)
    {
        result = default;
        if (s is not { Length: <= 64 } || !Pattern.IsMatch(s))
        {
            return false;
        }
        result = new ViewId(s);
        return true;
    }

    /// <exception cref="InvalidOperationException">It was never given a value.</exception>
    public override string ToString() => text ?? throw new InvalidOperationException("A view's id without a value.");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_\-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern { get; }
}
