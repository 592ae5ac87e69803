using System.Collections.Concurrent;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>Baselines that this instance read lately: every part of a window is counted on the edges of one, and blobs never change.</summary>
internal sealed class ProfileCache(MonitoringContents contents)
{
    private const int Most = 48;
    private readonly ConcurrentDictionary<string, DataProfile> known = new(StringComparer.Ordinal);

    /// <summary>No operation when it is known, one otherwise.</summary>
    public async Task<DataProfile> ReadAsync(string blob, CancellationToken ct)
    {
        if (known.TryGetValue(blob, out var found))
        {
            return found;
        }
        var profile = ProfileCodec.Read(await contents.ReadAsync(blob, ct));
        if (known.Count >= Most)
        {
            known.Clear();
        }
        known[blob] = profile;
        return profile;
    }
}
