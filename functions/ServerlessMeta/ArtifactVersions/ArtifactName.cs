using System.Text.RegularExpressions;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What an artifact may be called by a client that registers it: any script, slashes too, as long as a path can carry it.</summary>
internal static partial class ArtifactName
{
    public const int Length = 250;

    /// <summary>What is wrong with the name; null when nothing is.</summary>
    public static string? Refuse(string name) => name switch
    {
        "" => "A name is not empty.",
        { Length: > Length } => $"A name has up to {Length} characters.",
        // Paths with them are refused, for whoever passes a path on takes them out of it.
        _ when name.Split('/', '\\').Any(static part => part is "." or "..") => "A name has no '.' or '..' alone or between slashes.",
        _ when name.Any(char.IsControl) => "A name has no control characters.",
        // On its way a proxy may decode it once more, and it would name another artifact.
        _ when Escape.IsMatch(name) => "A name has no percent sign before two hex digits.",
        _ => null,
    };

    [GeneratedRegex("%[0-9a-fA-F]{2}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Escape { get; }
}
