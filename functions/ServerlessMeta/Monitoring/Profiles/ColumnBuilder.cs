using System.Collections.Immutable;
using System.Numerics;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Makes the profile of a column from its cells. With a baseline numbers are counted on its edges at once; without one they are kept, as 8 bytes each, until their quantiles
/// can be taken, or, when there are too many, in a sketch. One text among numbers makes the column categorical, since that is what its data are.
/// </summary>
internal sealed class ColumnBuilder
{
    private readonly string name;
    private readonly int binCount;
    private readonly bool staysNumeric;
    private readonly ProfileWorkspace workspace;
    private NumberTotals totals = new();
    private readonly BinCounter? bins;
    private readonly FewValues few = new();
    private readonly IReadOnlyDictionary<string, long>? ofBaseline;
    private CategoryCounter? categories;
    private KllSketch? sketch;
    private long rows, missing, infinite;

    /// <param name="name">The column's.</param>
    /// <param name="baseline">The baseline's profile of it; null: there is none.</param>
    /// <param name="kind">What it is said to be; null: its values tell.</param>
    /// <param name="binCount">Bins to make where the baseline has no edges.</param>
    /// <param name="workspace">Shared with other columns.</param>
    public ColumnBuilder(string name, ColumnProfile? baseline, ColumnKind? kind, int binCount, ProfileWorkspace workspace)
    {
        (this.name, this.binCount, this.workspace) = (name, binCount, workspace);
        ofBaseline = baseline?.Categories?.Counts;
        if (ofBaseline is not null && kind is not ColumnKind.Numeric)
        {
            kind = ColumnKind.Categorical;
        }
        else if (baseline?.Bins is { } edges && kind is not ColumnKind.Categorical)
        {
            (kind, bins) = (ColumnKind.Numeric, new BinCounter(edges.Edges));
        }
        IsCategorical = kind is ColumnKind.Categorical;
        staysNumeric = kind is ColumnKind.Numeric;
        categories = IsCategorical ? new CategoryCounter(ofBaseline) : null;
        Buffer = IsCategorical || bins is not null ? null : new NumberBuffer();
    }

    public string Name => name;

    /// <summary>Whether it was said to be, or by now is.</summary>
    public bool IsCategorical { get; private set; }

    /// <summary>All rows so far, a NaN where there is no number; null where they are not kept.</summary>
    public NumberBuffer? Buffer { get; private set; }

    public double PresentShare => rows == 0 ? 0 : (double)totals.Moments.Count / rows;

    /// <summary>Whether its numbers are categories, as far as was seen.</summary>
    public bool IsFew => !staysNumeric && few.Are;

    /// <summary>Rows that came before the column did.</summary>
    public void AddMissing(long count)
    {
        Buffer?.AddMissing(count);
        workspace.Buffered += Buffer is null ? 0 : count;
        rows += count;
        missing += count;
    }

    /// <param name="numbers">NaN where a cell is missing or a text.</param>
    /// <param name="texts">Categories, null where there is none; empty: there are none at all.</param>
    public void Add(ReadOnlySpan<double> numbers, ReadOnlySpan<string?> texts)
    {
        rows += numbers.Length;
        var finite = workspace.Values(numbers.Length);
        var count = TryCopy(numbers, finite) ? numbers.Length : CopyFinite(numbers, texts, finite);
        Add(finite[..count]);
        if (Buffer is not null)
        {
            Buffer.Add(numbers);
            workspace.Buffered += numbers.Length;
        }
    }

    /// <summary>Keeps numbers in a sketch from now on; those that were kept as such go there too.</summary>
    public void Sketch()
    {
        if (Buffer is null)
        {
            return;
        }
        sketch = new KllSketch(KllSketch.Usual, ValueHash.Of(name));
        for (var piece = 0; piece < Buffer.Pieces; piece++)
        {
            AddToSketch(Buffer[piece]);
        }
        Free();
    }

    public ColumnProfile Build()
    {
        var profile = new ColumnProfile { Name = name, Kind = IsCategorical ? ColumnKind.Categorical : ColumnKind.Numeric, Count = rows, Missing = missing, Infinite = infinite };
        if (IsCategorical)
        {
            var (counts, distinct, registers) = categories!.Build(totals.Moments.Count);
            return profile with { Categories = counts, Distinct = distinct, Registers = registers };
        }
        if (few.Are && few.Any && !staysNumeric && bins is null)
        {
            return profile with { Kind = ColumnKind.Categorical, Categories = few.ToCounts(), Distinct = few.Values.Length };
        }
        if (totals.Moments.Count == 0)
        {
            return profile with { Bins = bins?.ToBins() };
        }
        profile = profile with { Moments = totals.Moments, Min = totals.Min, Max = totals.Max, Distinct = totals.Distinct, Registers = totals.Registers };
        return bins is not null ? profile with { Bins = bins.ToBins() }
            : sketch is not null ? profile with { Bins = sketch.ToBins(binCount), IsApproximate = true }
            : WithQuantiles(profile);
    }

    private ColumnProfile WithQuantiles(ColumnProfile profile)
    {
        var count = checked((int)totals.Moments.Count);
        var sorted = workspace.Values(count);
        var filled = 0;
        for (var piece = 0; piece < Buffer!.Pieces; piece++)
        {
            foreach (var value in Buffer[piece])
            {
                if (double.IsFinite(value))
                {
                    sorted[filled++] = value + 0.0;
                }
            }
        }
        DoubleSort.Sort(sorted, workspace.Scratch(count));
        var distinct = 1;
        for (var i = 1; i < count; i++)
        {
            distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        return profile with { Bins = QuantileEdges.Count(sorted, QuantileEdges.Of(sorted, binCount)), Distinct = distinct };
    }

    /// <summary>Copies numbers that are all finite; false when one is not. Zero has one form.</summary>
    private static bool TryCopy(ReadOnlySpan<double> numbers, Span<double> into)
    {
        var isFinite = true;
        var at = 0;
        for (; at <= numbers.Length - Vector<double>.Count && isFinite; at += Vector<double>.Count)
        {
            var some = new Vector<double>(numbers[at..]);
            isFinite = Vector.LessThanOrEqualAll(Vector.Abs(some), new Vector<double>(double.MaxValue));
            (some + Vector<double>.Zero).CopyTo(into[at..]);
        }
        for (; at < numbers.Length && isFinite; at++)
        {
            isFinite = double.IsFinite(numbers[at]);
            into[at] = numbers[at] + 0.0;
        }
        return isFinite;
    }

    /// <summary>Copies the finite numbers, and takes note of the other cells.</summary>
    private int CopyFinite(ReadOnlySpan<double> numbers, ReadOnlySpan<string?> texts, Span<double> into)
    {
        var count = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var value = numbers[i];
            if (double.IsFinite(value))
            {
                into[count++] = value + 0.0;
            }
            else if (!double.IsNaN(value))
            {
                infinite++;
            }
            else if (texts.IsEmpty || texts[i] is null)
            {
                missing++;
            }
            else
            {
                AddText(texts[i]!);
            }
        }
        return count;
    }

    private void Add(ReadOnlySpan<double> finite)
    {
        if (IsCategorical && bins is null && sketch is null)
        {
            foreach (var value in finite)
            {
                categories!.Add(value);
            }
            return;
        }
        totals.Add(finite);
        bins?.Add(finite);
        if (bins is null)
        {
            few.Add(finite);
        }
        if (sketch is not null)
        {
            AddToSketch(finite);
        }
    }

    private void AddText(string text)
    {
        if (!IsCategorical)
        {
            BecomeCategorical();
        }
        categories!.Add(text);
    }

    /// <summary>Numbers that were kept become categories; those that were counted are known to have been there.</summary>
    private void BecomeCategorical()
    {
        IsCategorical = true;
        categories = new CategoryCounter(ofBaseline);
        if (Buffer is null)
        {
            return;
        }
        for (var piece = 0; piece < Buffer.Pieces; piece++)
        {
            foreach (var value in Buffer[piece])
            {
                if (double.IsFinite(value))
                {
                    categories.Add(value + 0.0);
                }
            }
        }
        totals = new NumberTotals();
        Free();
    }

    private void AddToSketch(ReadOnlySpan<double> part)
    {
        foreach (var value in part)
        {
            if (double.IsFinite(value))
            {
                sketch!.Add(value + 0.0);
            }
        }
    }

    private void Free()
    {
        workspace.Buffered -= Buffer!.Count;
        Buffer = null;
    }
}
