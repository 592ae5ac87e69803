using System.Collections.Immutable;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>
/// The versions of the packages that one query names, by the digest of the environment. Digests that are not known yet are loaded before records that have them are
/// compared; a query that names no package loads none.
/// </summary>
internal sealed class PackageVersions
{
    private readonly EnvironmentCatalog catalog;
    private readonly (Ecosystem Ecosystem, byte[] Key)[]?[] candidates;
    private readonly Dictionary<string, PackageVersion?[]> known = new(StringComparer.Ordinal);

    public PackageVersions(EnvironmentCatalog catalog, ImmutableArray<Field> fields)
    {
        this.catalog = catalog;
        candidates = [.. fields.Select(static field => field.Kind is FieldKind.Package ? PackageName.Candidates(field.Key) : null)];
        FirstField = Array.FindIndex(candidates, static keys => keys is not null);
    }

    /// <summary>The first field that is a package; -1 for none.</summary>
    public int FirstField { get; }

    public PackageVersion? Find(int field, string? digest) => digest is not null && known.TryGetValue(digest, out var versions) ? versions[field] : null;

    /// <summary>Those of the digests that are not known yet, each once.</summary>
    public HashSet<string> Unknown(IEnumerable<string?> digests)
    {
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var digest in digests)
        {
            if (digest is not null && !known.ContainsKey(digest))
            {
                unknown.Add(digest);
            }
        }
        return unknown;
    }

    public Task LoadAsync(HashSet<string> digests, CancellationToken ct) => digests.Count == 0
        ? Task.CompletedTask
        : catalog.ReadAsync(digests, (digest, packages) => known[digest] = [.. candidates.Select(keys => keys is null ? null : VersionIn(packages, keys))], ct);

    private static PackageVersion? VersionIn(byte[][] packages, (Ecosystem Ecosystem, byte[] Key)[] keys)
    {
        foreach (var (ecosystem, key) in keys)
        {
            foreach (var chunk in packages)
            {
                if (PackedFields.Find(chunk, key) is { } version)
                {
                    return new PackageVersion(ecosystem, version);
                }
            }
        }
        return null;
    }
}
