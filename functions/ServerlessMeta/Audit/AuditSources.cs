using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>Every kind of object that is audited, in the order of their names.</summary>
internal sealed class AuditSources(IEnumerable<AuditSource> sources)
{
    public ImmutableArray<AuditSource> All { get; } = [.. sources.OrderBy(static source => source.Kind, StringComparer.Ordinal)];

    public AuditSource? Find(string kind) => All.FirstOrDefault(source => source.Kind == kind);

    /// <summary>The object that <c>kind:id</c> names.</summary>
    public async Task<Result<(AuditSource Source, AuditedObject Object)>> LocateAsync(string named, CancellationToken ct)
    {
        var colon = named.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || Find(named[..colon]) is not { } source)
        {
            return new Failure.Invalid("object", $"An object is named kind:id, its kind one of {string.Join(", ", All.Select(static one => one.Kind))}.");
        }
        return await source.Locate(named[(colon + 1)..], ct) is { } found ? (source, found) : new Failure.NotFound(source.Kind, named[(colon + 1)..]);
    }
}
