using System.Globalization;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>The series of a logged model in the order in which they came: the place is the ordinal. A run is spelt out by its first series, and numbered in the others.</summary>
internal sealed class SeriesTable
{
    private readonly PackedTable texts;
    private readonly Dictionary<ModelSeries, int> ordinals = [];
    private readonly Dictionary<RunId, int> runs = [];

    public SeriesTable(IEnumerable<ModelSeries> stored, IEnumerable<byte[]> packed)
    {
        texts = new PackedTable(packed);
        // Rows of before are packed anew with the next series.
        var anew = texts.ChunkCount == 0;
        foreach (var series in stored)
        {
            Add(series, anew ? TextOf(series) : null);
        }
    }

    public int ChunkCount => texts.ChunkCount;

    public IReadOnlySet<int> Touched => texts.Touched;

    public byte[] Chunk(int number) => texts.Chunk(number);

    /// <summary>The ordinal of a series, new if need be; null when there is no room for another.</summary>
    public int? Take(ModelSeries series)
    {
        if (ordinals.TryGetValue(series, out var known))
        {
            return known;
        }
        var text = TextOf(series);
        return texts.Bytes + PackedFields.Measure(text) <= LoggedModelRow.SeriesBytes ? Add(series, text) : null;
    }

    public static List<ModelSeries> Decode(IEnumerable<byte[]> chunks)
    {
        var (found, runs) = (new List<ModelSeries>(), new List<RunId>());
        foreach (var text in LoggedModelRow.Fields(chunks))
        {
            var (series, isFirst) = ModelSeries.Read(text.Key, runs);
            if (isFirst)
            {
                runs.Add(series.Run);
            }
            found.Add(series);
        }
        return found;
    }

    private Tag TextOf(ModelSeries series) => new(series.Write(runs.TryGetValue(series.Run, out var number) ? number : null), "");

    private int Add(ModelSeries series, Tag? text)
    {
        if (text is { } added)
        {
            texts.Set(added);
        }
        runs.TryAdd(series.Run, runs.Count);
        ordinals.Add(series, ordinals.Count);
        return ordinals.Count - 1;
    }
}
