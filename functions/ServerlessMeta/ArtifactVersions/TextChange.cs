using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A named text before and after; null where it is absent.</summary>
public sealed record TextChange(string Name, string? From, string? To)
{
    /// <summary>What differs, by name.</summary>
    public static ImmutableArray<TextChange> Between(IEnumerable<KeyValuePair<string, string>> from, IEnumerable<KeyValuePair<string, string>> to)
    {
        var (before, after) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (all, into) in (ReadOnlySpan<(IEnumerable<KeyValuePair<string, string>>, Dictionary<string, string>)>)[(from, before), (to, after)])
        {
            foreach (var (name, text) in all)
            {
                into[name] = text;
            }
        }
        return
        [
            .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new TextChange(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))).Where(static change => change.From != change.To),
        ];
    }
}
