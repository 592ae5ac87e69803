using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>A column of a <see cref="ReadyProfile"/>.</summary>
internal sealed class ReadyColumn
{
    /// <summary>How the distribution of numbers may be given.</summary>
    private static readonly string[] Forms = ["counts", "ddsketch", "kll"];

    private readonly BodyReader body;
    private readonly List<Failure.Invalid> faults;
    private readonly DataProfile? baseline;
    private readonly int before;
    private readonly long rows;

    public ReadyColumn(JsonElement element, string path, long rows, DataProfile? baseline, List<Failure.Invalid> faults)
    {
        (this.rows, this.baseline, this.faults, before) = (rows, baseline, faults, faults.Count);
        body = new BodyReader(element, path, faults, "name", "kind", "count", "missing", "infinite", "min", "max", "moments", "edges", "edgesHash", "counts", "below", "above",
            "categories", "other", "exact", "ddsketch", "kll", "distinct", "approximate");
    }

    /// <summary>Null when there are faults.</summary>
    public ColumnProfile? Read()
    {
        if (!body.IsObject)
        {
            return null;
        }
        var name = body.NeedText("name", RowIngestOptions.LongestName);
        var kind = body.NeedText("kind", 20);
        body.Need("missing");
        if (body.Whole("count", 0, ReadyProfile.MostRows) is { } count && count != rows)
        {
            body.Refuse("count", Number($"It is the number of rows, {rows}: a row without a value is a missing one."));
        }
        var column = new ColumnProfile
        {
            Name = name ?? "",
            Kind = kind is "categorical" ? ColumnKind.Categorical : ColumnKind.Numeric,
            Count = rows,
            Missing = body.Whole("missing", 0, rows) ?? 0,
            Infinite = body.Whole("infinite", 0, rows) ?? 0,
            Distinct = body.Number("distinct"),
            IsApproximate = body.Flag("approximate") ?? false,
        };
        if (column.Present < 0)
        {
            body.Refuse("missing", Number($"There are {rows} rows, fewer than missing and infinite values together."));
        }
        if (column.Distinct < 0)
        {
            body.Refuse("distinct", "It is 0 or more.");
        }
        switch (kind)
        {
            case "numeric":
                Forbid("The column is numeric.", "categories", "other", "exact");
                column = Numeric(column);
                break;
            case "categorical":
                Forbid("The column is categorical.", "min", "max", "moments", "edges", "edgesHash", "counts", "below", "above", "ddsketch", "kll");
                column = column with { Categories = Categories(column.Present) };
                break;
            case not null:
                body.Refuse("kind", "numeric or categorical is expected.");
                break;
        }
        return faults.Count == before ? column : null;
    }

    private ColumnProfile Numeric(ColumnProfile column)
    {
        var present = column.Present;
        if (present > 0)
        {
            body.Need("min");
            body.Need("max");
        }
        var (min, max) = (body.Number("min"), body.Number("max"));
        if (min > max)
        {
            body.Refuse("max", "It is not less than min.");
        }
        var forms = Forms.Where(body.Has).ToArray();
        if (forms.Length > 1 || (forms.Length == 0 && present > 0))
        {
            body.Refuse("counts", "Either counts (on edges) are expected, or ddsketch, or kll.");
        }
        if (faults.Count > before)
        {
            return column;
        }
        column = present == 0 ? column : column with { Min = min, Max = max };
        var edges = baseline?.Find(column.Name)?.Bins?.Edges;
        var (bins, isExact, estimate) = forms.FirstOrDefault() switch
        {
            "counts" => (Bins(edges), true, null),
            "ddsketch" => DdSketch(body.Find("ddsketch")!.Value, edges, min ?? 0, max ?? 0, present),
            "kll" => Kll(body.Find("kll")!.Value, edges, min ?? 0, max ?? 0),
            _ => (null, true, (Moments?)null),
        };
        if (bins is not null && bins.Total != present)
        {
            body.Refuse(forms[0], Number($"It has {bins.Total} values, but {present} of {rows} rows are neither missing nor infinite."));
        }
        if (bins is not null && present > 0 && ((bins.Below > 0 && !(min < bins.Edges[0])) || (bins.Above > 0 && !(max > bins.Edges[^1]))))
        {
            body.Refuse("counts", "There are values outside the edges, but not by min and max.");
        }
        return column with { Bins = bins, IsApproximate = column.IsApproximate || !isExact, Moments = present == 0 || bins is null ? default : Moments(present, min, max, estimate) };
    }

    private NumericBins? Bins(ImmutableArray<double>? ofBaseline)
    {
        var edges = ofBaseline;
        if (body.Has("edges"))
        {
            edges = ReadyProfile.Numbers(body.Items("edges", NumericBins.Most + 1)) is { } given ? [.. given] : null;
            if (edges is null || !NumericBins.AreEdges(edges.Value))
            {
                body.Refuse("edges", Number($"2 to {NumericBins.Most + 1} finite numbers are expected, each greater than the one before (or twice the same, for a constant)."));
                return null;
            }
        }
        else if (edges is null)
        {
            body.Refuse("edges", "They are needed: there is no baseline that has this column with edges.");
            return null;
        }
        if (body.Text("edgesHash", 64) is { } hash && hash != NumericBins.HashOf(edges.Value))
        {
            body.Refuse("edgesHash", $"It names other edges: {(body.Has("edges") ? "those given are" : "the baseline's are")} {NumericBins.HashOf(edges.Value)}.");
            return null;
        }
        var counts = Counts("counts", edges.Value.Length - 1);
        body.Need("below");
        body.Need("above");
        var (below, above) = (body.Whole("below", 0, rows), body.Whole("above", 0, rows));
        return counts is null || below is null || above is null ? null : new NumericBins(edges.Value, [.. counts], below.Value, above.Value);
    }

    private (NumericBins? Bins, bool IsExact, Moments? Estimate) DdSketch(JsonElement element, ImmutableArray<double>? ofBaseline, double min, double max, long present)
    {
        var sketch = new BodyReader(element, body.PathOf("ddsketch"), faults, "alpha", "zero", "positive", "negative");
        var alpha = sketch.Number("alpha") ?? Profiles.DdSketch.UsualAlpha;
        if (alpha is < 0.0001 or > 0.5)
        {
            sketch.Refuse("alpha", "A number from 0.0001 to 0.5 is expected.");
            return (null, true, null);
        }
        var read = new DdSketch(alpha);
        read.AddZeros(sketch.Whole("zero", 0, rows) ?? 0);
        foreach (var side in new[] { "positive", "negative" })
        {
            foreach (var bucket in sketch.Items(side, Profiles.DdSketch.MostBuckets) ?? [])
            {
                if (bucket.ValueKind is not JsonValueKind.Array || bucket.GetArrayLength() != 2 || !IsWhole(bucket[0], -10_000_000, 10_000_000, out var index) || !IsWhole(bucket[1], 0, rows, out var times))
                {
                    sketch.Refuse(side, "Pairs of an index and a count are expected.");
                    break;
                }
                read.AddBucket(side == "negative", (int)index, times);
            }
        }
        if (faults.Count > before || present == 0)
        {
            return (ofBaseline is { } none ? new BinCounter(none).ToBins() : null, true, null);
        }
        var pieces = read.Pieces(min, max);
        var (bins, isExact) = BinSplit.Split(pieces, ofBaseline ?? (min == max ? [min, max] : read.Edges(NumericBins.Usual, min, max)));
        return (bins, isExact, Profiles.Moments.Merge(pieces.Select(static piece => Profiles.Moments.Of((piece.Low / 2) + (piece.High / 2), piece.Times))));
    }

    private (NumericBins? Bins, bool IsExact, Moments? Estimate) Kll(JsonElement element, ImmutableArray<double>? ofBaseline, double min, double max)
    {
        var sketch = new BodyReader(element, body.PathOf("kll"), faults, "k", "levels");
        sketch.Need("levels");
        var k = (int)(sketch.Whole("k", 8, KllSketch.MostK) ?? KllSketch.Usual);
        var levels = new List<ImmutableArray<double>>();
        foreach (var level in sketch.Items("levels", 60) ?? [])
        {
            if (level.ValueKind is not JsonValueKind.Array || level.GetArrayLength() > 4 * k || ReadyProfile.Numbers(level.EnumerateArray()) is not { } values)
            {
                sketch.Refuse("levels", "Lists of finite numbers are expected, the lowest level first; a value of level h, from 0, stands for 2^h values.");
                return (null, false, null);
            }
            levels.Add([.. values]);
        }
        if (faults.Count > before || KllSketch.Of(k, 0, levels, min, max) is not { } read)
        {
            sketch.Refuse("levels", "Its values lie from min to max.");
            return (null, false, null);
        }
        var bins = ofBaseline is { } edges ? read.ToBins(edges) : read.Count == 0 ? null : read.ToBins(NumericBins.Usual);
        return (bins, false, Profiles.Moments.Merge(read.Levels.SelectMany(static (level, height) => level.Select(value => Profiles.Moments.Of(value, 1L << height)))));
    }

    /// <summary>As given; of a sketch without them what it estimates.</summary>
    private Moments Moments(long present, double? min, double? max, Moments? estimate)
    {
        if (estimate is { } estimated && !body.Has("moments"))
        {
            return estimated;
        }
        if (body.Need("moments") is not { } given)
        {
            return default;
        }
        var moments = new BodyReader(given, body.PathOf("moments"), faults, "count", "mean", "m2", "m3", "m4");
        foreach (var needed in new[] { "mean", "m2", "m3", "m4" })
        {
            moments.Need(needed);
        }
        if (moments.Whole("count", 0, rows) is { } count && count != present)
        {
            moments.Refuse("count", Number($"{present} values are present."));
        }
        var (mean, m2, m3, m4) = (moments.Number("mean"), moments.Number("m2"), moments.Number("m3"), moments.Number("m4"));
        var slack = 1e-9 * Math.Max(Math.Abs(min ?? 0), Math.Abs(max ?? 0));
        if (mean < min - slack || mean > max + slack)
        {
            moments.Refuse("mean", "It lies from min to max.");
        }
        if (m2 < 0)
        {
            moments.Refuse("m2", "A sum of squares is not negative.");
        }
        if (m4 < 0)
        {
            moments.Refuse("m4", "A sum of fourth powers is not negative.");
        }
        return new Moments(present, mean ?? 0, m2 ?? 0, m3 ?? 0, m4 ?? 0);
    }

    private CategoryCounts? Categories(long present)
    {
        if (body.Need("categories") is not { } given)
        {
            return null;
        }
        var categories = new BodyReader(given, body.PathOf("categories"), faults);
        var counts = CategoryCounts.Empty.ToBuilder();
        foreach (var (key, value) in categories.All)
        {
            if (key.Length is 0 or > CategoryText.Longest || !IsWhole(value, 0, rows, out var times))
            {
                body.Refuse("categories", Number($"Names of 1 to {CategoryText.Longest} characters are expected (longer ones as sha256: and their digest), each with the number of its rows."));
                return null;
            }
            if (times > 0)
            {
                counts[CategoryText.Of(key)] = counts.GetValueOrDefault(CategoryText.Of(key)) + times;
            }
        }
        if (counts.Count > CategoryCounts.Most)
        {
            body.Refuse("categories", Number($"There are up to {CategoryCounts.Most}; the rest counts as other."));
        }
        var other = body.Whole("other", 0, rows) ?? 0;
        var total = counts.Values.Aggregate(other, static (sum, times) => sum + times);
        if (total != present && categories.IsObject)
        {
            body.Refuse("categories", Number($"With other they have {total} rows, but {present} of {rows} are neither missing nor infinite."));
        }
        return new CategoryCounts(counts.ToImmutable(), other, (body.Flag("exact") ?? true) && other == 0 && counts.Count <= CategoryCounts.ExactUpTo);
    }

    private long[]? Counts(string name, int length)
    {
        var items = body.Items(name, NumericBins.Most);
        var counts = new List<long>();
        foreach (var item in items ?? [])
        {
            if (!IsWhole(item, 0, rows, out var count))
            {
                break;
            }
            counts.Add(count);
        }
        if (items is not null && (items.Count != length || counts.Count != length))
        {
            body.Refuse(name, Number($"{length} whole numbers are expected, one for each bin."));
            return null;
        }
        return items is null ? null : [.. counts];
    }

    private void Forbid(string why, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (body.Has(name))
            {
                body.Refuse(name, why);
            }
        }
    }

    private static bool IsWhole(JsonElement element, long lowest, long highest, out long number)
    {
        number = 0;
        return element.ValueKind is JsonValueKind.Number && element.TryGetInt64(out number) && number >= lowest && number <= highest;
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
