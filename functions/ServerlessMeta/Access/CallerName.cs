using System.Text.RegularExpressions;

namespace ServerlessMeta.Access;

/// <summary>
/// How people and jobs are named: as mail addresses are, in lower case, so that no two spellings pass as two people, nor a look-alike letter as another person's.
/// </summary>
public static partial class CallerName
{
    public const string Rule = "A name has 1 to 100 characters: letters a-z, digits and . _ @ + # -, with a letter or digit first and last.";

    /// <summary>Whoever sends messages over the broker, which knows its senders itself.</summary>
    public const string Bus = "service-bus";

    private const int HighestLength = 100;

    /// <summary>The name in lower case; null when the text is no name.</summary>
    public static string? Read(string text) => text.Length <= HighestLength && Pattern.IsMatch(text) ? text.ToLowerInvariant() : null;

    /// <summary>Whether a name is one of the store's own callers, which no token and no principal stands for.</summary>
    public static bool IsReserved(string name) => name is "admin" or "local" or "store" or Bus;

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9._@+#\-]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern { get; }
}
