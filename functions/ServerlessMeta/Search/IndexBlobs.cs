using System.Globalization;
using System.IO.Compression;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Specialized;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// Saved indexes, a blob for each partition: the runs as some instance knew them and the cold entry up to which it did, so that a new instance reads only
/// what came after. Any saved state is a right one to begin from, older ones only cost more; so the last writer wins and nothing is ever cleaned up by half.
/// </summary>
internal sealed class IndexBlobs(StorageClients storage)
{
    private const byte Format = 1;
    private const int BlockBytes = 4 * 1024 * 1024;
    private const int BufferBytes = 128 * 1024;

    /// <summary>Saves whole or not at all; of two savers one may fail.</summary>
    public async Task SaveAsync(ExperimentId experiment, int partition, long cursor, IReadOnlyList<RunRecord> runs, CancellationToken ct)
    {
        var blob = storage.Indexes.GetBlockBlobClient(Name(experiment, partition));
        var save = WriteId.New();
        var blocks = new List<string>();
        using var block = new MemoryStream();
        await using (var packed = new DeflateStream(block, CompressionLevel.Fastest, leaveOpen: true))
        await using (var writer = new BinaryWriter(packed, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(cursor);
            writer.Write(runs.Count);
            foreach (var run in runs)
            {
                RunRecordCodec.Write(writer, run);
                if (block.Length >= BlockBytes)
                {
                    await StageAsync();
                }
            }
        }
        await StageAsync();
        await blob.CommitBlockListAsync(blocks, cancellationToken: ct);

        async Task StageAsync()
        {
            // Ids of this save alone: two savers never mix their blocks.
            blocks.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{save}{blocks.Count:d6}"))));
            block.Position = 0;
            await blob.StageBlockAsync(blocks[^1], block, cancellationToken: ct);
            block.SetLength(0);
        }
    }

    /// <summary>What was saved; null when nothing was, or by a version that this one does not know.</summary>
    public async Task<(long Cursor, List<RunRecord> Runs)?> FindAsync(ExperimentId experiment, int partition, CancellationToken ct)
    {
        try
        {
            var found = await storage.Indexes.GetBlobClient(Name(experiment, partition)).DownloadContentAsync(ct);
            // Packed in memory, unpacked as it is read: never twice as a whole.
            await using var unpacked = new BufferedStream(new DeflateStream(found.Value.Content.ToStream(), CompressionMode.Decompress), BufferBytes);
            using var reader = new BinaryReader(unpacked, Encoding.UTF8);
            if (reader.ReadByte() != Format)
            {
                return null;
            }
            var cursor = reader.ReadInt64();
            var runs = new List<RunRecord>(reader.ReadInt32());
            for (var i = 0; i < runs.Capacity; i++)
            {
                runs.Add(RunRecordCodec.Read(reader));
            }
            return (cursor, runs);
        }
        catch (RequestFailedException absent) when (absent.Status == 404)
        {
            return null;
        }
        catch (Exception damaged) when (damaged is EndOfStreamException or InvalidDataException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static string Name(ExperimentId experiment, int partition) => string.Create(CultureInfo.InvariantCulture, $"{experiment.Number:d13}/{partition:x4}");
}
