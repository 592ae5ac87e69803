using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

/// <summary>Parts of a window merge to what the whole window would be.</summary>
public sealed class MergeTests
{
    private static readonly string[] Names = ["amount", "steps", "city", "flag", "rare"];

    private static readonly Gen<string?[]> Row = Gen.Select(
        Gen.OneOf(Gen.Double[-3, 3].Select(static value => Rows.Text(Math.Round(value, 3))), Gen.OneOf("", "NaN", "inf", "-Infinity", "1e300", "-0")),
        Gen.Int[0, 40].Select(static value => (value * 5).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("Oslo", "Rome", "Lima", "", "Bern", "Ulm"),
        Gen.OneOf("true", "False", "TRUE", "NA"),
        Gen.OneOf("", "", "", "7.25"),
        static (amount, steps, city, flag, rare) => new string?[] { amount, steps, city, flag, rare });

    [Fact]
    public async Task Any_split_in_any_order_and_grouping_counts_as_the_whole() => await Gen.Select(Row.Array[1, 120], Gen.Int[1, 6], Gen.Int[0, 1_000_000]).SampleAsync(
        async (rows, count, seed) =>
        {
            var baseline = (await Rows.CsvAsync(await BaselineCsvAsync())).Profile;
            var options = new RowIngestOptions { Baseline = baseline };
            var whole = (await Rows.CsvAsync(Rows.Csv(Names, rows), options)).Profile;
            var random = new Random(seed);
            var parts = new List<DataProfile>();
            foreach (var part in rows.GroupBy(_ => random.Next(count)))
            {
                parts.Add((await Rows.CsvAsync(Rows.Csv(Names, part), options)).Profile);
            }
            var shuffled = parts.ToArray();
            random.Shuffle(shuffled);
            var cut = random.Next(parts.Count + 1);

            var merged = ProfileMerge.Merge(parts);

            Rows.Same(whole, merged);
            Assert.Equal(ProfileCodec.Write(merged), ProfileCodec.Write(ProfileMerge.Merge(shuffled)));
            Rows.Same(whole, ProfileMerge.Merge([ProfileMerge.Merge(parts[..cut]), ProfileMerge.Merge(parts[cut..])]));
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task Nothing_merges_to_nothing_and_one_part_stays_what_it_is()
    {
        var one = await Rows.ProfileAsync(("a", [1, 2, 3.5, null]));

        Assert.Same(one, ProfileMerge.Merge([one]));
        Assert.Equal(0, ProfileMerge.Merge([]).Rows);
        Rows.Same(one, ProfileMerge.Merge([one, ProfileMerge.Merge([])]));
    }

    [Fact]
    public async Task A_column_that_a_part_lacks_is_missing_there()
    {
        var merged = ProfileMerge.Merge([(await Rows.JsonAsync("""[{"a":1.5,"b":"x"},{"a":2.5,"b":"y"}]""")).Profile, (await Rows.JsonAsync("""[{"a":3.5},{"a":4},{"a":5}]""")).Profile]);

        Assert.Equal((5, 3, 2), (merged.Column("b").Count, merged.Column("b").Missing, merged.Column("b").Present));
        Assert.Equal((5, 0), (merged.Column("a").Count, merged.Column("a").Missing));
    }

    [Fact]
    public async Task Other_edges_are_split_and_said_to_be_approximate()
    {
        var one = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 400).Select(static i => (double?)i + 0.5)]));
        var other = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 100).Select(static i => (double?)i + 200.25)]));

        var merged = ProfileMerge.Merge([one, other]).Column("a");

        Assert.True(merged.IsApproximate);
        Assert.Equal(one.Column("a").Bins!.Edges, merged.Bins!.Edges);
        Assert.Equal((500, 500, 0.5, 399.5), (merged.Count, merged.Bins.Total, merged.Min, merged.Max));
        Assert.Equal(ProfileCodec.Write(ProfileMerge.Merge([one, other])), ProfileCodec.Write(ProfileMerge.Merge([other, one])));
        // The hundred values lie evenly from 200 to 300: so do their shares of the bins.
        for (var i = 0; i < merged.Bins.Counts.Length; i++)
        {
            var exact = Enumerable.Range(0, 100).Select(static i => i + 200.25).Count(value => value >= merged.Bins.Edges[i] && value < merged.Bins.Edges[i + 1]);
            Assert.InRange(merged.Bins.Counts[i] - one.Column("a").Bins!.Counts[i], exact - 2, exact + 2);
        }
    }

    [Fact]
    public async Task Frequent_values_stay_apart_in_bytes_in_json_and_in_merges()
    {
        static double?[] Values(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => i % 10 < 7 ? 0.0 : i % 10 == 7 ? 1.0 : (double?)new Random((seed * 10_000) + i).NextDouble())];
        var baseline = await Rows.ProfileAsync(("a", Values(1, 1_000)));
        var (one, other) = (await Rows.ProfileAsync(baseline, ("a", Values(2, 400))), await Rows.ProfileAsync(baseline, ("a", Values(3, 500))));
        var foreign = await Rows.ProfileAsync(("a", Values(4, 300)));

        var merged = ProfileMerge.Merge([one, other]).Column("a");
        var split = ProfileMerge.Merge([one, other, foreign]).Column("a");

        var edges = baseline.Column("a").Bins!.Edges;
        var (zero, last) = (edges.IndexOf(0), edges.IndexOf(1));
        Assert.Equal((double.Epsilon, Math.BitIncrement(1)), (edges[zero + 1], edges[last + 1]));
        Assert.Equal((630, 90, false), (merged.Bins!.Counts[zero], merged.Bins.Counts[last], merged.IsApproximate));
        Assert.Equal((840, 120, 1_200), (split.Bins!.Counts[zero], split.Bins.Counts[last], split.Bins.Total));
        Rows.Same(baseline, ProfileCodec.Read(ProfileCodec.Write(baseline)));
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            ReadyProfile.Write(writer, baseline);
        }
        using var document = JsonDocument.Parse(json.WrittenMemory);
        Rows.Counts(baseline.Column("a"), ReadyProfile.Read(document.RootElement, "", null, [])!.Column("a"));
    }

    [Fact]
    public async Task Few_whole_numbers_join_other_numbers_without_loss()
    {
        var few = await Rows.ProfileAsync(("a", [1, 2, 2, 3]));
        var many = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 300).Select(static i => (double?)i)]));

        var merged = ProfileMerge.Merge([few, many]).Column("a");

        Assert.Equal((ColumnKind.Categorical, ColumnKind.Numeric, ColumnKind.Numeric), (few.Column("a").Kind, many.Column("a").Kind, merged.Kind));
        Assert.Equal((304, 304, false), (merged.Bins!.Total, merged.Moments.Count, merged.IsApproximate));
        Rows.Close(Moments.Of([1, 2, 2, 3, .. Enumerable.Range(0, 300).Select(static i => (double)i)]), merged.Moments);
        Assert.InRange(merged.Distinct!.Value, 290, 310);
    }

    [Fact]
    public async Task Words_among_numbers_make_the_column_categorical_as_in_one_part()
    {
        var baseline = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 100).Select(static i => (double?)i / 3)]));
        var options = new RowIngestOptions { Baseline = baseline };
        var whole = await Rows.CsvAsync("a,end\n1,x\nbroken,x\n2,x\n,x\n3,x\nbroken,x\n", options);

        var merged = ProfileMerge.Merge([(await Rows.CsvAsync("a,end\n1,x\n2,x\n", options)).Profile, (await Rows.CsvAsync("a,end\nbroken,x\n,x\n3,x\nbroken,x\n", options)).Profile]);

        Rows.Counts(whole.Profile.Column("a"), merged.Column("a"));
        Assert.Equal((ColumnKind.Categorical, 1), (merged.Column("a").Kind, merged.Column("a").Missing));
        Assert.Equal((2, 3), (merged.Column("a").Categories!.Counts["broken"], merged.Column("a").Categories!.Other));
    }

    [Fact]
    public async Task Many_categories_keep_the_frequent_ones_and_every_count()
    {
        var parts = new List<DataProfile>();
        for (var part = 0; part < 4; part++)
        {
            var start = part * 900;
            parts.Add((await Rows.CsvAsync(Rows.Csv(["id", "end"], Enumerable.Range(0, 3_000).Select(i => new string?[] { i % 3 == 0 ? $"hot{i % 10}" : $"k{start + (i % 1_500)}", "x" })))).Profile);
        }

        var merged = ProfileMerge.Merge(parts).Column("id");

        Assert.Equal((12_000, 0, false), (merged.Count, merged.Missing, merged.Categories!.IsExact));
        Assert.Equal(12_000, merged.Categories.Counts.Values.Sum() + merged.Categories.Other);
        Assert.Equal(4 * Enumerable.Range(0, 3_000).Count(static i => i % 3 == 0 && i % 10 == 3), merged.Categories.Counts["hot3"]);
        var distinct = Enumerable.Range(0, 4).SelectMany(static part => Enumerable.Range(0, 3_000).Where(static i => i % 3 != 0).Select(i => (part * 900) + (i % 1_500))).Distinct().Count() + 10;
        Assert.InRange(merged.Distinct!.Value, distinct * 0.93, distinct * 1.07);
        Assert.InRange(merged.Categories.Counts.Count, 1, CategoryCounts.Most);
    }

    [Fact]
    public async Task Samples_merge_the_same_in_any_order_and_stand_for_all_rows()
    {
        var parts = new List<DataProfile>();
        for (var part = 0; part < 5; part++)
        {
            var rows = Enumerable.Range(0, 100 + (300 * part)).Select(i => new string?[] { Rows.Text(part), Rows.Text(i + 0.5) });
            parts.Add((await Rows.CsvAsync(Rows.Csv(["part", "i"], rows), new RowIngestOptions { SampleRows = 200, Seed = (ulong)part })).Profile);
        }
        var reversed = parts.ToArray();
        Array.Reverse(reversed);

        var merged = ProfileMerge.Merge(parts).Sample!;

        Assert.Equal(ProfileCodec.Write(ProfileMerge.Merge(parts)), ProfileCodec.Write(ProfileMerge.Merge(reversed)));
        Assert.Equal((3_500, 200), (merged.From, merged.Rows.Length));
        Assert.Equal(200, merged.Rows.Select(static row => string.Join('|', row)).Distinct().Count());
        for (var part = 0; part < 5; part++)
        {
            var expected = 200.0 * (100 + (300 * part)) / 3_500;
            Assert.InRange(merged.Rows.Count(row => row[0] == Rows.Text(part)), expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public async Task Small_samples_are_kept_whole()
    {
        var parts = new List<DataProfile>();
        for (var part = 0; part < 3; part++)
        {
            parts.Add((await Rows.CsvAsync($"a,b\n{part}.5,x\n{part}.25,y\n", new RowIngestOptions { SampleRows = 2 })).Profile);
        }

        Assert.Equal(6, ProfileMerge.Merge(parts).Sample!.Rows.Length);
    }

    private static Task<string> BaselineCsvAsync() => Task.FromResult(Rows.Csv(
        Names,
        Enumerable.Range(0, 200).Select(static i => new string?[] { Rows.Text(Math.Sin(i) * 2), Rows.Text(i), i % 3 == 0 ? "Oslo" : "Rome", i % 2 == 0 ? "true" : "false", i % 7 == 0 ? "" : Rows.Text(i / 8.0) })));
}
