using System.Collections.Immutable;
using System.Text;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>Which metrics, params and tags runs have, counted on their packed states.</summary>
internal sealed class FieldUses
{
    private readonly Dictionary<byte[], Use> metrics = new(Utf8Keys.Comparer);
    private readonly Dictionary<byte[], Use> parameters = new(Utf8Keys.Comparer);
    private readonly Dictionary<byte[], Use> tags = new(Utf8Keys.Comparer);

    /// <summary>Those of more runs first, then by name.</summary>
    public static ImmutableArray<FieldUse> Of(IEnumerable<RunRecord> runs)
    {
        var uses = new FieldUses();
        foreach (var run in runs)
        {
            uses.Add(run);
        }
        return [.. List(FieldKind.Metric, uses.metrics), .. List(FieldKind.Param, uses.parameters), .. List(FieldKind.Tag, uses.tags)];
    }

    private static IEnumerable<FieldUse> List(FieldKind kind, Dictionary<byte[], Use> uses) => uses
        .Select(pair => new FieldUse(new Field(kind, Encoding.UTF8.GetString(pair.Key)), pair.Value.Runs, pair.Value.Varies))
        .OrderByDescending(static use => use.Runs).ThenBy(static use => use.Field.Key, StringComparer.Ordinal);

    private void Add(RunRecord run)
    {
        foreach (var chunk in run.Latest)
        {
            ReadOnlySpan<byte> rest = chunk;
            while (LatestTable.TryTake(ref rest, out var key, out var point))
            {
                Of(metrics, key).Add(point.Value);
            }
        }
        Add(parameters, run.Params);
        Add(tags, run.Tags);
    }

    private static void Add(Dictionary<byte[], Use> uses, byte[][] chunks)
    {
        foreach (var chunk in chunks)
        {
            ReadOnlySpan<byte> rest = chunk;
            while (PackedFields.TryTake(ref rest, out var key, out var value))
            {
                Of(uses, key).Add(value);
            }
        }
    }

    private static Use Of(Dictionary<byte[], Use> uses, ReadOnlySpan<byte> key)
    {
        var lookup = uses.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(key, out var use))
        {
            lookup[key] = use = new Use();
        }
        return use;
    }

    private sealed class Use
    {
        private double number;
        private byte[]? text;

        public int Runs { get; private set; }

        public bool Varies { get; private set; }

        public void Add(double value)
        {
            if (Runs++ == 0)
            {
                number = value;
            }
            Varies |= !number.Equals(value);
        }

        public void Add(ReadOnlySpan<byte> value)
        {
            if (Runs++ == 0)
            {
                text = value.ToArray();
            }
            Varies = Varies || !value.SequenceEqual(text);
        }
    }
}
