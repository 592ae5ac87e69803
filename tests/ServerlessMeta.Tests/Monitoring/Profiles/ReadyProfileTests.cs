using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class ReadyProfileTests
{
    private const string Column = """{"name":"a","kind":"numeric","missing":1,"min":1,"max":4,"moments":{"mean":2.5,"m2":5,"m3":0,"m4":10},"edges":[1,2,4],"counts":[1,3],"below":0,"above":0}""";

    [Fact]
    public async Task What_is_written_is_read() => await Gen.Select(Gen.Double.Array[0, 60], Gen.OneOf("x", "", "Ñ 🙂", "\"", new string('l', 400)).Array[0, 60]).SampleAsync(
        static async (numbers, words) =>
        {
            var rows = Enumerable.Range(0, Math.Max(numbers.Length, words.Length)).Select(i => new string?[] { i < numbers.Length ? Rows.Text(numbers[i]) : "", i < words.Length ? $"\"{words[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "", Rows.Text(i / 3.0), Rows.Text(i * 1.5) });
            var profile = (await Rows.CsvAsync(Rows.Csv(["n", "w", "b", "c"], rows))).Profile;

            var json = Json(profile);
            var read = Read(json);

            Rows.Same(WithoutRegisters(profile), read);
            Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", json, StringComparison.Ordinal);
        },
        iter: 100,
        threads: 1);

    [Fact]
    public async Task A_window_on_the_edges_of_its_baseline_need_not_repeat_them()
    {
        var baseline = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 50).Select(static i => (double?)i / 2)]));
        var hash = baseline.Column("a").Bins!.EdgesHash;
        var counts = string.Join(',', Enumerable.Repeat("2", baseline.Column("a").Bins!.Counts.Length));
        var rows = (2 * baseline.Column("a").Bins!.Counts.Length) + 3;
        string Window(string edges) => string.Create(CultureInfo.InvariantCulture,
            $$$"""{"rows":{{{rows}}},"columns":[{"name":"a","kind":"numeric","missing":0,"min":-1,"max":30,"moments":{"mean":5,"m2":5,"m3":0,"m4":10},{{{edges}}}"counts":[{{{counts}}}],"below":1,"above":2}]}""");

        foreach (var edges in new[] { "", $"\"edgesHash\":\"{hash}\"," })
        {
            Assert.Equal(baseline.Column("a").Bins!.Edges, Read(Window(edges), baseline).Column("a").Bins!.Edges);
        }
        Assert.Contains("0123456789abcdef".Length == 16 ? hash : "", Faults(Window("\"edgesHash\":\"0123456789abcdef\","), baseline).Single().Detail, StringComparison.Ordinal);
        Assert.Equal("columns[0].edges", Faults(Window("")).Single().Field);
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("{}", "rows", "columns")]
    [InlineData("""{"rows":-1,"columns":[]}""", "rows", "columns")]
    [InlineData("""{"rows":5,"columns":[],"extra":1}""", "extra", "columns")]
    [InlineData("""{"rows":5,"columns":[{}]}""", "columns[0].name", "columns[0].kind", "columns[0].missing")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"odd","missing":6}]}""", "columns[0].missing", "columns[0].kind")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"categorical","missing":5,"categories":{}},{"name":"a","kind":"categorical","missing":5,"categories":{}}]}""", "columns[1].name")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"categorical","missing":0,"categories":{"x":3},"min":1}]}""", "columns[0].min", "columns[0].categories")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"categorical","missing":0,"categories":{"x":5.5}}]}""", "columns[0].categories")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"numeric","missing":0}]}""", "columns[0].min", "columns[0].max", "columns[0].counts")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"numeric","missing":1,"min":1,"max":4,"edges":[1,2,2],"counts":[1,3],"below":0,"above":0,"moments":{"mean":2.5,"m2":5,"m3":0,"m4":10}}]}""", "columns[0].edges")]
    [InlineData("""{"rows":5,"columns":[{"name":"a","kind":"numeric","missing":1,"min":5,"max":4,"count":7,"distinct":-1}]}""", "columns[0].count", "columns[0].distinct", "columns[0].max", "columns[0].counts")]
    public void Every_fault_is_named(string json, params string[] fields) => Assert.Equal(fields.Order(), Faults(json).Select(static fault => fault.Field).Order());

    [Theory]
    [InlineData("\"counts\":[1,3]", "\"counts\":[1,2]", "counts")]
    [InlineData("\"counts\":[1,3]", "\"counts\":[1,2,1]", "counts")]
    [InlineData("\"counts\":[1,3]", "\"counts\":[1,-3]", "counts")]
    [InlineData("\"above\":0", "\"above\":1", "counts")]
    [InlineData("\"mean\":2.5", "\"mean\":25", "moments.mean")]
    [InlineData("\"m2\":5", "\"m2\":-5", "moments.m2")]
    [InlineData("\"m4\":10", "\"m4\":\"NaN\"", "moments.m4")]
    [InlineData("\"mean\":2.5", "\"mean\":1e999", "moments.mean")]
    [InlineData("\"below\":0,", "", "below")]
    [InlineData("\"min\":1", "\"min\":null", "min")]
    [InlineData("\"edges\":[1,2,4]", "\"edges\":[1,2,1e999]", "edges")]
    public void Numbers_that_contradict_each_other_are_refused(string part, string changed, string field)
    {
        Assert.Empty(Faults(Whole(Column)));
        Assert.Contains(Faults(Whole(Column.Replace(part, changed, StringComparison.Ordinal))), fault => fault.Field == $"columns[0].{field}");
    }

    [Theory]
    [InlineData("""{"columns":["a","b"],"count":4,"mean":[1,2],"scatter":[[1,0.5],[0.5,2]]}""", null)]
    [InlineData("""{"columns":["a","c"],"count":4,"mean":[1,2],"scatter":[[1,0.5],[0.5,2]]}""", "columns")]
    [InlineData("""{"columns":["a","b"],"count":9,"mean":[1,2],"scatter":[[1,0.5],[0.5,2]]}""", "count")]
    [InlineData("""{"columns":["a","b"],"count":4,"mean":[1],"scatter":[[1,0.5],[0.5,2]]}""", "mean")]
    [InlineData("""{"columns":["a","b"],"count":4,"mean":[1,2],"scatter":[[1,0.5],[0.6,2]]}""", "scatter")]
    [InlineData("""{"columns":["a","b"],"count":4,"mean":[1,2],"scatter":[[-1,0.5],[0.5,2]]}""", "scatter")]
    [InlineData("""{"columns":["a","b"],"count":4,"mean":[1,2],"scatter":5}""", "scatter")]
    public void Co_moments_are_checked(string moments, string? fault)
    {
        var faults = Faults($$"""{"rows":5,"columns":[{{Column}},{{Column.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}}],"coMoments":{{moments}}}""");

        Assert.Equal(fault is null ? [] : [$"coMoments.{fault}"], faults.Select(static one => one.Field).Distinct());
    }

    [Fact]
    public async Task A_dd_sketch_gives_edges_on_its_buckets_which_other_sketches_are_counted_on_exactly()
    {
        var random = new Random(3);
        var (first, second) = (Lognormal(random, 5_000), Lognormal(random, 800));

        var baseline = Read(DdJson(first));
        var window = Read(DdJson(second), baseline).Column("a");

        var edges = baseline.Column("a").Bins!.Edges;
        Assert.InRange(edges.Length, 40, 66);
        Assert.Equal((false, false, 5_000, 800), (baseline.Column("a").IsApproximate, window.IsApproximate, baseline.Column("a").Bins!.Total, window.Bins!.Total));
        var counter = new BinCounter(edges);
        counter.Add(second);
        Assert.Equal(counter.ToBins().Counts, window.Bins.Counts);
        Assert.Equal(second.Average(), window.Moments.Mean, 0.02 * second.Average());

        var exact = await Rows.ProfileAsync(("a", [.. first.Select(static value => (double?)value)]));
        Assert.True(Read(DdJson(second), exact).Column("a").IsApproximate);
    }

    [Fact]
    public async Task A_kll_sketch_is_counted_on_the_baselines_edges_and_said_to_be_approximate()
    {
        var random = new Random(3);
        var (first, second) = (Lognormal(random, 5_000), Lognormal(random, 20_000));
        var baseline = await Rows.ProfileAsync(("a", [.. first.Select(static value => (double?)value)]));

        var window = Read(KllJson(second), baseline).Column("a");
        var alone = Read(KllJson(second)).Column("a");

        Assert.Equal(baseline.Column("a").Bins!.Edges, window.Bins!.Edges);
        Assert.Equal((true, 20_000, true, 20_000), (window.IsApproximate, window.Bins.Total, alone.IsApproximate, alone.Bins!.Total));
        var counter = new BinCounter(window.Bins.Edges);
        counter.Add(second);
        var exact = counter.ToBins();
        for (var (i, rank) = (0, 0L); i < exact.Counts.Length; i++)
        {
            rank += exact.Counts[i] - window.Bins.Counts[i];
            Assert.InRange(Math.Abs(rank), 0, 20_000 * 2 * KllSketch.RankError(KllSketch.Usual, ofMass: false));
        }
    }

    [Theory]
    [InlineData("\"ddsketch\":{\"alpha\":2}", "ddsketch.alpha")]
    [InlineData("\"ddsketch\":{\"positive\":[[1]]}", "ddsketch.positive")]
    [InlineData("\"ddsketch\":{\"positive\":[[1,3]]}", "ddsketch")]
    [InlineData("\"kll\":{\"levels\":[[1,2,3,99]]}", "kll.levels")]
    [InlineData("\"kll\":{\"levels\":[[1,2,\"x\",4]]}", "kll.levels")]
    [InlineData("\"kll\":{\"levels\":[[1,2]]}", "kll")]
    [InlineData("\"kll\":{},\"ddsketch\":{}", "counts")]
    public void Broken_sketches_are_refused(string sketch, string field) => Assert.Equal(
        $"columns[0].{field}", Assert.Single(Faults(Whole($$"""{"name":"a","kind":"numeric","missing":1,"min":1,"max":4,{{sketch}}}"""))).Field);

    [Fact]
    public void Categories_have_one_form_and_say_whether_they_are_all()
    {
        var read = Read("""{"rows":10,"columns":[{"name":"c","kind":"categorical","missing":1,"categories":{"1":2,"1.0":3,"True":1},"other":3}]}""").Column("c");

        Assert.Equal([new("1", 5), new("true", 1)], read.Categories!.Counts);
        Assert.Equal((3, false), (read.Categories.Other, read.Categories.IsExact));
    }

    private static string Whole(string column) => $$"""{"rows":5,"columns":[{{column}}]}""";

    private static double[] Lognormal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Exp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];

    private static string DdJson(double[] values)
    {
        var sketch = new DdSketch();
        foreach (var value in values)
        {
            sketch.Add(value);
        }
        return SketchJson(values, $"\"ddsketch\":{{\"alpha\":0.01,\"zero\":0,\"positive\":[{string.Join(',', sketch.Positive.Select(static bucket => $"[{bucket.Key},{bucket.Value}]"))}]}}");
    }

    private static string KllJson(double[] values)
    {
        var sketch = new KllSketch(KllSketch.Usual, 1);
        foreach (var value in values)
        {
            sketch.Add(value);
        }
        return SketchJson(values, $"\"kll\":{{\"k\":1024,\"levels\":[{string.Join(',', sketch.Levels.Select(static level => $"[{string.Join(',', level.Select(Rows.Text))}]"))}]}}");
    }

    private static string SketchJson(double[] values, string sketch) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"rows":{{values.Length}},"columns":[{"name":"a","kind":"numeric","missing":0,"min":{{values.Min():R}},"max":{{values.Max():R}},{{sketch}}}]}""");

    private static DataProfile WithoutRegisters(DataProfile profile) => profile with { Columns = [.. profile.Columns.Select(static column => column with { Registers = [] })] };

    private static string Json(DataProfile profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            ReadyProfile.Write(json, profile);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static DataProfile Read(string json, DataProfile? baseline = null)
    {
        var faults = new List<Failure.Invalid>();
        using var document = JsonDocument.Parse(json);
        var read = ReadyProfile.Read(document.RootElement, "", baseline, faults);
        Assert.True(read is not null, string.Join('\n', faults.Select(static fault => $"{fault.Field}: {fault.Detail}")));
        return read;
    }

    private static List<Failure.Invalid> Faults(string json, DataProfile? baseline = null)
    {
        var faults = new List<Failure.Invalid>();
        using var document = JsonDocument.Parse(json);
        var read = ReadyProfile.Read(document.RootElement, "", baseline, faults);
        Assert.Equal(read is null, faults.Count > 0);
        return faults;
    }
}
