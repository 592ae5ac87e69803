using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Versions of datasets that this instance registered, so that the next run that reads one costs one operation. Versions never change their number, so nothing here grows stale.</summary>
internal sealed class KnownVersions
{
    private const int MaxCount = 10_000;
    private readonly ConcurrentDictionary<UInt128, long> numbers = new();

    public long? Find(Registration dataset) => numbers.TryGetValue(KeyOf(dataset), out var number) ? number : null;

    public void Remember(Registration dataset, long number)
    {
        // Rare, and what is forgotten is only asked for again.
        if (numbers.Count >= MaxCount)
        {
            numbers.Clear();
        }
        numbers[KeyOf(dataset)] = number;
    }

    // With location and schema: what is new of them has to be added.
    private static UInt128 KeyOf(Registration dataset) => BinaryPrimitives.ReadUInt128LittleEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{dataset.Name.Length}\n{dataset.Name}\n{string.Join(' ', dataset.Digests.Known)}\n{dataset.Location?.Length}\n{dataset.Location}\n{dataset.Schema}")));
}
