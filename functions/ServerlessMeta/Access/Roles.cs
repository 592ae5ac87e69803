using System.Collections.Immutable;

namespace ServerlessMeta.Access;

/// <summary>The words for roles.</summary>
public static class Roles
{
    public static ImmutableArray<string> Words { get; } = [.. Enum.GetValues<Role>().Select(WordOf)];

    public static string WordOf(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>The role of a word, in any case; null when there is none.</summary>
    public static Role? Find(string word) => Words.IndexOf(word.ToLowerInvariant()) is >= 0 and var index ? (Role)index : null;
}
