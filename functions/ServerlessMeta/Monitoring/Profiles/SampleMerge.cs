using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Draws from samples of parts a sample of the whole: each row from a part in proportion to the rows that it stands for. The seed is what the samples hold, so a merge repeats.</summary>
internal static class SampleMerge
{
    /// <summary>Rows of a sample at most.</summary>
    public const int Most = 2_000;

    public static RowSample? Merge(ImmutableArray<RowSample> samples)
    {
        if (samples.Length < 2)
        {
            return samples.FirstOrDefault();
        }
        var columns = samples[0].Columns;
        if (samples.Any(sample => !sample.Columns.SequenceEqual(columns, StringComparer.Ordinal)))
        {
            columns = [.. samples.SelectMany(static sample => sample.Columns).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            samples = [.. samples.Select(sample => Aligned(sample, columns))];
        }
        // Whole parts stay whole while there is room.
        var room = samples.All(static sample => sample.From == sample.Rows.Length) && samples.Sum(static sample => sample.From) <= Most
            ? Most
            : samples.Max(static sample => sample.Rows.Length);
        return samples.Select(static sample => (Sample: sample, Hash: HashOf(sample))).OrderBy(static one => one.Hash).Select(static one => one.Sample)
            .Aggregate((a, b) => Draw(a, b, room));
    }

    private static RowSample Draw(RowSample a, RowSample b, int room)
    {
        var bits = new SeededBits(ValueHash.Of([HashOf(a), HashOf(b)]));
        var (fromA, fromB) = (a.From, b.From);
        var (rowsA, rowsB) = (a.Rows.ToList(), b.Rows.ToList());
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        while (rows.Count < room && rowsA.Count + rowsB.Count > 0)
        {
            var isA = rowsB.Count == 0 || (rowsA.Count > 0 && bits.Below((ulong)(fromA + fromB)) < (ulong)fromA);
            var side = isA ? rowsA : rowsB;
            var at = (int)bits.Below((ulong)side.Count);
            rows.Add(side[at]);
            side[at] = side[^1];
            side.RemoveAt(side.Count - 1);
            (fromA, fromB) = isA ? (Math.Max(0, fromA - 1), fromB) : (fromA, Math.Max(0, fromB - 1));
        }
        return new RowSample(a.From + b.From, a.Columns, rows.ToImmutable());
    }

    private static RowSample Aligned(RowSample sample, ImmutableArray<string> columns)
    {
        var places = columns.Select(column => sample.Columns.IndexOf(column)).ToImmutableArray();
        return sample with { Columns = columns, Rows = [.. sample.Rows.Select(row => places.Select(place => place < 0 ? null : row[place]).ToImmutableArray())] };
    }

    private static ulong HashOf(RowSample sample)
    {
        var hash = (ulong)sample.From;
        foreach (var cell in sample.Rows.SelectMany(static row => row))
        {
            hash = ValueHash.Of([hash, cell is null ? 0 : ValueHash.Of(cell)]);
        }
        return hash;
    }
}
