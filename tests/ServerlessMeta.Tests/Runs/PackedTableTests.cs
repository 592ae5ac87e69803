using System.Globalization;
using CsCheck;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.Runs;

public sealed class PackedTableTests
{
    private static readonly Gen<(int Kind, int Key, int Size)> Step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.OneOf(Gen.Int[0, 30], Gen.Int[0, 8000]));

    [Fact]
    public void A_packed_table_and_a_dictionary_agree_after_any_changes() => Step.List[0, 60].Sample(static steps =>
    {
        var table = new PackedTable([]);
        var model = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, number, size) in steps)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"ключ{number}");
            if (kind == 0)
            {
                Assert.Equal(model.Remove(key), table.Remove(key));
            }
            else if (kind == 1)
            {
                var stored = Enumerable.Range(0, table.ChunkCount).Select(table.Chunk).ToList();
                table.Settle();
                table = new PackedTable(stored);
            }
            else
            {
                model[key] = new string('é', size);
                table.Set(new Tag(key, model[key]));
            }
            Assert.Equal(model.GetValueOrDefault(key), table.Find(key));
        }
        var fields = new List<Tag>();
        for (var chunk = 0; chunk < table.ChunkCount; chunk++)
        {
            var packed = table.Chunk(chunk);
            Assert.InRange(packed.Length, 0, 60 * 1024);
            PackedFields.Decode(packed, fields);
        }
        Assert.Equal(model.OrderBy(static p => p.Key, StringComparer.Ordinal), fields.Select(static f => KeyValuePair.Create(f.Key, f.Value)).OrderBy(static p => p.Key, StringComparer.Ordinal));
    }, iter: 200);

    [Fact]
    public void Latest_metrics_keep_their_ordinals_across_chunks() => Gen.Select(Gen.Int[1, 900], Gen.Int[0, 100]).Sample(static (keys, more) =>
    {
        var table = new LatestTable([]);
        for (var i = 0; i < keys; i++)
        {
            Assert.Equal(i, table.Take(Key(i), new StoredPoint(i, i, i)));
        }
        table = new LatestTable([.. Enumerable.Range(0, table.ChunkCount).Select(table.Chunk)]);
        for (var i = 0; i < more; i++)
        {
            Assert.Equal(keys + i, table.Take(Key(keys + i), new StoredPoint(1, 1, 1)));
        }
        Assert.Equal(keys / 2, table.Take(Key(keys / 2), new StoredPoint(long.MaxValue, long.MaxValue, 5)));
        var passed = 0;
        for (var chunk = 0; chunk < table.ChunkCount; chunk++)
        {
            foreach (var (key, _) in LatestTable.Decode(table.Chunk(chunk)))
            {
                Assert.Equal(Key(passed++), key);
            }
        }
        Assert.Equal(keys + more, passed);

        static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"metric {number}");
    }, iter: 50);
}
