using System.Collections.Immutable;

namespace ServerlessMeta.Manifests;

/// <summary>How one manifest differs from another.</summary>
public sealed record ManifestDiff
{
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>In the second alone.</summary>
    public required ImmutableArray<ManifestEntry> Added { get; init; }

    /// <summary>In the first alone.</summary>
    public required ImmutableArray<ManifestEntry> Removed { get; init; }

    /// <summary>In both, with other bytes.</summary>
    public required ImmutableArray<ManifestChange> Changed { get; init; }

    /// <summary>How many are in both, as they were.</summary>
    public required int Unchanged { get; init; }

    public required bool SameEnvironment { get; init; }

    public static ManifestDiff Of(string from, RunManifest before, string to, RunManifest after)
    {
        var old = Index(before);
        var now = Index(after);
        var both = now.Where(pair => old.ContainsKey(pair.Key)).Select(pair => new ManifestChange(old[pair.Key], pair.Value)).ToList();
        var changed = both.Where(static pair => !IsSame(pair.From, pair.To)).ToImmutableArray();
        return new ManifestDiff
        {
            From = from,
            To = to,
            Added = [.. now.Where(pair => !old.ContainsKey(pair.Key)).Select(static pair => pair.Value)],
            Removed = [.. old.Where(pair => !now.ContainsKey(pair.Key)).Select(static pair => pair.Value)],
            Changed = changed,
            Unchanged = both.Count - changed.Length,
            SameEnvironment = before.Environment == after.Environment,
        };
    }

    private static SortedDictionary<string, ManifestEntry> Index(RunManifest manifest)
    {
        var entries = new SortedDictionary<string, ManifestEntry>(StringComparer.Ordinal);
        foreach (var (side, entry) in manifest.Inputs.Select(static entry => ("in", entry)).Concat(manifest.Outputs.Select(static entry => ("out", entry))))
        {
            entries[$"{side}\n{entry.Key}"] = entry;
        }
        return entries;
    }

    // The bytes alone: the same thing may lie, and be shown, at two addresses.
    private static bool IsSame(ManifestEntry one, ManifestEntry other) => (one.Md5, one.Sha256, one.Digest, one.Size) == (other.Md5, other.Sha256, other.Digest, other.Size);
}
