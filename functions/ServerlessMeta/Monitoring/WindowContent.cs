using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads what a window is made of: the parts that came, its predictions, each id once.</summary>
internal sealed class WindowContent(MonitoringTable table, MonitoringContents contents)
{
    private const int AtOnce = 8;

    /// <summary>The parts of the window of a row, in the order of their ids, which is the same however they came: one operation.</summary>
    public Task<ImmutableArray<WindowPart>> PartsOfRowAsync(MonitorTarget target, string rowKey, CancellationToken ct) => PartsAsync(target, MonitoringKeys.PartsOfWindow(rowKey), ct);

    /// <summary>The same of a window that is named by its id.</summary>
    public Task<ImmutableArray<WindowPart>> PartsAsync(MonitorTarget target, string window, CancellationToken ct) => PartsAsync(target, MonitoringKeys.Parts(target, window), ct);

    /// <summary>The predictions in the order of their time and id; of an id that several parts have, the earliest. An operation for each part that has some.</summary>
    public async Task<ImmutableArray<JoinedPrediction>> PredictionsAsync(ImmutableArray<WindowPart> parts, CancellationToken ct)
    {
        var read = await ReadAsync([.. parts.Select(static part => part.PredictionsBlob).OfType<string>()], static (bytes, stop) => new ValueTask<ImmutableArray<JoinedPrediction>>(PredictionBlob.ReadAsync(bytes, stop)), ct);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. read.SelectMany(static part => part).OrderBy(static one => one.At).ThenBy(static one => one.Id, StringComparer.Ordinal).Where(one => seen.Add(one.Id))];
    }

    /// <summary>The profile of the whole: an operation for each part.</summary>
    public async Task<DataProfile> ProfileAsync(ImmutableArray<WindowPart> parts, CancellationToken ct) =>
        ProfileMerge.Merge(await ReadAsync([.. parts.Select(static part => part.ProfileBlob)], static (bytes, _) => ValueTask.FromResult(ProfileCodec.Read(bytes)), ct));

    public static string DigestOf(ImmutableArray<WindowPart> parts) => Digest(parts.SelectMany(static part => new[] { part.Id, part.Digest, part.ProfileBlob }));

    /// <summary>Of the labels that predictions have.</summary>
    public static string DigestOf(ImmutableArray<JoinedPrediction> predictions) => Digest(
        predictions.Where(static one => one.Label is not null).SelectMany(static one => new[] { one.Id, one.Label!, one.LabelAt?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "" }));

    private async Task<ImmutableArray<WindowPart>> PartsAsync(MonitorTarget target, (string From, string Below) range, CancellationToken ct) =>
        [.. (await table.ListAsync(MonitoringKeys.Partition(target), range, null, ct)).Select(PartRow.To).OrderBy(static part => part.Id, StringComparer.Ordinal)];

    private async Task<T[]> ReadAsync<T>(ImmutableArray<string> blobs, Func<byte[], CancellationToken, ValueTask<T>> decode, CancellationToken ct)
    {
        var read = new T[blobs.Length];
        await Parallel.ForAsync(0, blobs.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (place, stop) => read[place] = await decode(await contents.ReadAsync(blobs[place], stop), stop));
        return read;
    }

    private static string Digest(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            // The length in front keeps ("a", "bc") and ("ab", "c") apart.
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text.Length}|{text}")));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
