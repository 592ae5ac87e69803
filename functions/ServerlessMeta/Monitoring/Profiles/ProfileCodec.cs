using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Profiles as stored bytes: the version, then all else packed by Deflate. Whole numbers are varints, edges with few decimals differences of whole numbers, registers bytes: about 3 kB a numeric column.
/// </summary>
internal static class ProfileCodec
{
    public const byte Version = 1;

    /// <summary>What a profile unpacks to at most.</summary>
    private const long MostBytes = 256 * 1024 * 1024;

    private const byte HasRange = 1, HasBins = 2, HasCategories = 4, HasDistinct = 8, HasRegisters = 16, IsApproximate = 32, IsExact = 64, IsCategorical = 128;

    public static byte[] Write(DataProfile profile)
    {
        var to = new PackedWriter();
        to.Write((ulong)profile.Rows);
        to.Write((ulong)profile.Columns.Length);
        foreach (var column in profile.Columns)
        {
            WriteColumn(to, column);
        }
        to.Write((byte)((profile.CoMoments is null ? 0 : 1) | (profile.Sample is null ? 0 : 2)));
        if (profile.CoMoments is { } moments)
        {
            WriteCoMoments(to, moments);
        }
        if (profile.Sample is { } sample)
        {
            WriteSample(to, sample);
        }
        using var packed = new MemoryStream();
        packed.WriteByte(Version);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(to.Written);
        }
        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">The version is not known, or it is no profile.</exception>
    public static DataProfile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Version)
        {
            throw new InvalidDataException("The version of a stored profile is not known.");
        }
        using var unpacked = new DeflateStream(new MemoryStream(bytes[1..].ToArray()), CompressionMode.Decompress);
        var from = new PackedReader(unpacked, MostBytes);
        var rows = from.ReadLong();
        var columns = ImmutableArray.CreateBuilder<ColumnProfile>();
        for (var left = from.ReadCount(RowIngestOptions.MostColumns); left > 0; left--)
        {
            columns.Add(ReadColumn(from));
        }
        var parts = from.ReadByte();
        var moments = (parts & 1) != 0 ? ReadCoMoments(from) : null;
        var sample = (parts & 2) != 0 ? ReadSample(from) : null;
        return from.IsAtEnd()
            ? new DataProfile { Rows = rows, Columns = columns.ToImmutable(), CoMoments = moments, Sample = sample }
            : throw PackedReader.Broken();
    }

    private static void WriteColumn(PackedWriter to, ColumnProfile column)
    {
        to.Write(column.Name);
        to.Write((byte)((column.Min is null ? 0 : HasRange) | (column.Bins is null ? 0 : HasBins) | (column.Categories is null ? 0 : HasCategories) | (column.Distinct is null ? 0 : HasDistinct)
            | (column.Registers.IsEmpty ? 0 : HasRegisters) | (column.IsApproximate ? IsApproximate : 0) | (column.Categories is { IsExact: true } ? IsExact : 0)
            | (column.Kind is ColumnKind.Categorical ? IsCategorical : 0)));
        to.Write((ulong)column.Count);
        to.Write((ulong)column.Missing);
        to.Write((ulong)column.Infinite);
        to.Write((ulong)column.Moments.Count);
        if (column.Moments.Count > 0)
        {
            to.Write(column.Moments.Mean);
            to.Write(column.Moments.M2);
            to.Write(column.Moments.M3);
            to.Write(column.Moments.M4);
        }
        if (column.Min is { } min)
        {
            to.Write(min);
            to.Write(column.Max!.Value);
        }
        if (column.Bins is { } bins)
        {
            to.Write(bins.Edges);
            foreach (var count in bins.Counts.Append(bins.Below).Append(bins.Above))
            {
                to.Write((ulong)count);
            }
        }
        if (column.Categories is { } categories)
        {
            to.Write((ulong)categories.Counts.Count);
            foreach (var (key, count) in categories.Counts)
            {
                to.Write(key);
                to.Write((ulong)count);
            }
            to.Write((ulong)categories.Other);
        }
        if (column.Distinct is { } distinct)
        {
            to.Write(distinct);
        }
        if (!column.Registers.IsEmpty)
        {
            to.Write(column.Registers.AsSpan());
        }
    }

    private static ColumnProfile ReadColumn(PackedReader from)
    {
        var name = from.ReadText();
        var flags = from.ReadByte();
        var column = new ColumnProfile
        {
            Name = name,
            Kind = (flags & IsCategorical) != 0 ? ColumnKind.Categorical : ColumnKind.Numeric,
            Count = from.ReadLong(),
            Missing = from.ReadLong(),
            Infinite = from.ReadLong(),
            IsApproximate = (flags & IsApproximate) != 0,
        };
        if (column.Missing > column.Count || column.Infinite > column.Count - column.Missing)
        {
            throw PackedReader.Broken();
        }
        var numbers = from.ReadLong();
        column = numbers > 0 ? column with { Moments = new Moments(numbers, from.ReadFinite(), from.ReadFinite(), from.ReadFinite(), from.ReadFinite()) } : column;
        column = (flags & HasRange) != 0 ? column with { Min = from.ReadFinite(), Max = from.ReadFinite() } : column;
        column = (flags & HasBins) != 0 ? column with { Bins = ReadBins(from) } : column;
        column = (flags & HasCategories) != 0 ? column with { Categories = ReadCategories(from, (flags & IsExact) != 0) } : column;
        column = (flags & HasDistinct) != 0 ? column with { Distinct = from.ReadFinite() } : column;
        return (flags & HasRegisters) != 0 ? column with { Registers = ImmutableCollectionsMarshal.AsImmutableArray(from.ReadBytes(Previews.HyperLogLog.RegisterCount)) } : column;
    }

    private static NumericBins ReadBins(PackedReader from)
    {
        var edges = from.ReadDoubles(NumericBins.Most + 1);
        if (!NumericBins.AreEdges(edges))
        {
            throw PackedReader.Broken();
        }
        var counts = new long[edges.Length - 1];
        foreach (ref var count in counts.AsSpan())
        {
            count = from.ReadLong();
        }
        return new NumericBins(edges, ImmutableCollectionsMarshal.AsImmutableArray(counts), from.ReadLong(), from.ReadLong());
    }

    private static CategoryCounts ReadCategories(PackedReader from, bool isExact)
    {
        var counts = CategoryCounts.Empty.ToBuilder();
        for (var left = from.ReadCount(CategoryCounts.Most); left > 0; left--)
        {
            counts[from.ReadText()] = from.ReadLong();
        }
        return new CategoryCounts(counts.ToImmutable(), from.ReadLong(), isExact);
    }

    /// <summary>The matrix is symmetric: its lower half is enough.</summary>
    private static void WriteCoMoments(PackedWriter to, CoMoments moments)
    {
        to.Write((ulong)moments.Columns.Length);
        foreach (var column in moments.Columns)
        {
            to.Write(column);
        }
        to.Write((ulong)moments.Count);
        to.Write(moments.Mean);
        to.Write([.. Enumerable.Range(0, moments.Columns.Length).SelectMany(row => moments.Scatter.Skip(row * moments.Columns.Length).Take(row + 1))]);
    }

    private static CoMoments ReadCoMoments(PackedReader from)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        for (var left = from.ReadCount(CoMomentsBuilder.MostColumns); left > 0; left--)
        {
            columns.Add(from.ReadText());
        }
        var count = from.ReadLong();
        var mean = from.ReadDoubles(columns.Count);
        var half = from.ReadDoubles(columns.Count * (columns.Count + 1) / 2);
        if (mean.Length != columns.Count || half.Length != columns.Count * (columns.Count + 1) / 2)
        {
            throw PackedReader.Broken();
        }
        var scatter = new double[columns.Count * columns.Count];
        var at = 0;
        for (var row = 0; row < columns.Count; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                scatter[(row * columns.Count) + column] = scatter[(column * columns.Count) + row] = half[at++];
            }
        }
        return new CoMoments(columns.ToImmutable(), count, mean, ImmutableCollectionsMarshal.AsImmutableArray(scatter));
    }

    private static void WriteSample(PackedWriter to, RowSample sample)
    {
        to.Write((ulong)sample.From);
        to.Write((ulong)sample.Columns.Length);
        to.Write((ulong)sample.Rows.Length);
        for (var column = 0; column < sample.Columns.Length; column++)
        {
            to.Write(sample.Columns[column]);
            foreach (var row in sample.Rows)
            {
                to.Write(row[column] is null ? (byte)0 : (byte)1);
                if (row[column] is { } cell)
                {
                    to.Write(cell);
                }
            }
        }
    }

    private static RowSample ReadSample(PackedReader from)
    {
        var rowsOf = from.ReadLong();
        var columns = new string[from.ReadCount(RowIngestOptions.MostColumns)];
        var cells = new List<string?[]>();
        var rows = from.ReadCount(SampleMerge.Most);
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column] = from.ReadText();
            var column1 = new string?[rows];
            foreach (ref var cell in column1.AsSpan())
            {
                cell = from.ReadByte() switch { 0 => null, 1 => from.ReadText(), _ => throw PackedReader.Broken() };
            }
            cells.Add(column1);
        }
        return new RowSample(rowsOf, [.. columns], [.. Enumerable.Range(0, rows).Select(row => cells.Select(column => column[row]).ToImmutableArray())]);
    }
}
