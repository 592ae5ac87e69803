using System.Globalization;
using System.Text;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class RowIngestTests
{
    private static readonly PredictionSchema Schema = new(ModelTask.Binary, "id", "at", "answer", "score", "truth", null);

    private static readonly RowIngestOptions WithPredictions = new() { Schema = Schema };

    [Fact]
    public async Task Csv_and_json_of_the_same_rows_have_the_same_profile() => await Gen.Select(
        Gen.OneOf(Gen.Double[-1e6, 1e6].Select(Rows.Text), Gen.Const("")),
        Gen.OneOf("Oslo", "Rome", "", "with \"quotes\", and commas", "two\nlines", "Ñandú 🙂"),
        Gen.OneOf("true", "false", ""),
        Gen.Int[0, 30].Select(static value => value.ToString(CultureInfo.InvariantCulture))).Array[1, 200].SampleAsync(
        static async rows =>
        {
            var csv = new StringBuilder("a,b,c,d,end\n");
            var json = new StringBuilder();
            foreach (var (a, b, c, d) in rows)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{a},\"{b.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{c},{d},x\n");
                json.Append(CultureInfo.InvariantCulture, $$"""{"a":{{(a.Length == 0 ? "null" : a)}},"b":{{System.Text.Json.JsonSerializer.Serialize(b)}},"c":{{(c.Length == 0 ? "null" : c)}},"d":{{d}},"end":"x"}""").Append('\n');
            }
            var list = $"[{json.ToString().TrimEnd().Replace("}\n{", "},\n{", StringComparison.Ordinal)}]";

            var read = await Rows.CsvAsync(csv.ToString());

            Rows.Same(read.Profile, (await Rows.ReadAsync(Encoding.UTF8.GetBytes(json.ToString()), "application/x-ndjson")).Profile);
            Rows.Same(read.Profile, (await Rows.JsonAsync(list)).Profile);
            Assert.Equal(rows.Length, read.Rows);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task Missing_and_infinite_cells_are_counted_and_left_out()
    {
        var (profile, _, rows) = await Rows.CsvAsync("a,b\n1.5,NA\nNaN,\n,None\ninf,null\n-Infinity,N/A\n2.5,x\n1e999,nan\n");

        var a = profile.Column("a");
        Assert.Equal((7, 7, 2, 3, 2), (rows, a.Count, a.Missing, a.Infinite, a.Present));
        Assert.Equal((1.5, 2.5, 2.0), (a.Min, a.Max, a.Moments.Mean));
        Assert.Equal((6, ColumnKind.Categorical), (profile.Column("b").Missing, profile.Column("b").Kind));
    }

    [Fact]
    public async Task Kinds_follow_the_values()
    {
        var rows = Enumerable.Range(0, 100).Select(static i => new string?[] { Rows.Text(i % 20), Rows.Text(i % 21), Rows.Text((i % 3) + 0.5), i % 2 == 0 ? "True" : "false", i == 99 ? "odd" : Rows.Text(i), "" });

        var profile = (await Rows.CsvAsync(Rows.Csv(["few", "many", "real", "flag", "mixed", "none"], rows))).Profile;

        Assert.Equal(
            [ColumnKind.Categorical, ColumnKind.Numeric, ColumnKind.Numeric, ColumnKind.Categorical, ColumnKind.Categorical, ColumnKind.Numeric],
            profile.Columns.Select(static column => column.Kind));
        Assert.Equal((20, 5), (profile.Column("few").Categories!.Counts.Count, profile.Column("few").Categories!.Counts["19"]));
        Assert.Equal(["false", "true"], profile.Column("flag").Categories!.Counts.Keys);
        Assert.Equal((100, 1), (profile.Column("mixed").Categories!.Counts.Count, profile.Column("mixed").Categories!.Counts["98"]));
        Assert.Equal((21, 100), (profile.Column("many").Distinct, profile.Column("many").Bins!.Total));
        Assert.Equal((100, null, null), (profile.Column("none").Missing, profile.Column("none").Bins, profile.Column("none").Min));
    }

    [Fact]
    public async Task Kinds_that_are_said_count_more_than_values()
    {
        var options = new RowIngestOptions { Kinds = RowIngestOptionsKinds(("zip", ColumnKind.Categorical), ("steps", ColumnKind.Numeric)) };

        var profile = (await Rows.CsvAsync(Rows.Csv(["zip", "steps"], Enumerable.Range(0, 60).Select(static i => new string?[] { Rows.Text(i + 0.25), Rows.Text(i % 3) })), options)).Profile;

        Assert.Equal((60, ColumnKind.Numeric), (profile.Column("zip").Categories!.Counts.Count, profile.Column("steps").Kind));
        Assert.Equal(20, profile.Column("steps").Bins!.Counts[0]);
    }

    [Fact]
    public async Task A_window_is_counted_on_the_edges_and_by_the_kinds_of_its_baseline()
    {
        var baseline = (await Rows.CsvAsync(Rows.Csv(["x", "few"], Enumerable.Range(0, 1_000).Select(static i => new string?[] { Rows.Text(i / 10.0), Rows.Text(i % 4) })))).Profile;

        var window = (await Rows.CsvAsync("few,x,new\n3,0\n1,-5\n9,99.9\n1.5,99.95\n,50\n".Replace("\n", ",1.25\n", StringComparison.Ordinal).Replace("new,1.25", "new", StringComparison.Ordinal), new RowIngestOptions { Baseline = baseline })).Profile;

        var x = window.Column("x");
        Assert.Equal(baseline.Column("x").Bins!.Edges, x.Bins!.Edges);
        Assert.Equal((1, 1, 5), (x.Bins.Below, x.Bins.Above, x.Bins.Total));
        Assert.Equal((1, 1), (x.Bins.Counts[0], x.Bins.Counts[^1]));
        Assert.Equal(["1", "1.5", "3", "9"], window.Column("few").Categories!.Counts.Keys);
        Assert.Equal((1, ColumnKind.Categorical), (window.Column("few").Missing, window.Column("few").Kind));
        Assert.Equal(["few", "x", "new"], window.Columns.Select(static column => column.Name));
    }

    [Fact]
    public async Task Co_moments_are_those_of_the_whole_rows()
    {
        var random = new Random(4);
        double?[][] rows = [.. Enumerable.Range(0, 5_000).Select(_ => new double?[] { random.NextDouble(), random.Next(9) == 0 ? null : random.NextDouble() * 1e3, random.NextDouble() - 5e5 })];

        var moments = (await Rows.CsvAsync(Rows.Csv(["a", "b", "c"], rows.Select(static row => row.Select(static value => value is { } number ? Rows.Text(number) : "").ToArray<string?>())))).Profile.CoMoments!;

        var whole = rows.Where(static row => row.All(static value => value is not null)).Select(static row => row.Select(static value => value!.Value).ToArray()).ToArray();
        double[] mean = [.. Enumerable.Range(0, 3).Select(column => whole.Average(row => row[column]))];
        double[] scatter = [.. Enumerable.Range(0, 9).Select(at => whole.Sum(row => (row[at / 3] - mean[at / 3]) * (row[at % 3] - mean[at % 3])))];
        Rows.Close(new CoMoments(["a", "b", "c"], whole.Length, [.. mean], [.. scatter]), moments);
    }

    [Fact]
    public async Task Predictions_are_taken_out_of_the_rows()
    {
        var read = await Rows.CsvAsync("id,at,answer,score,truth,x\n007,2026-01-02T03:04:05.678Z,1,0.75,True,3\n8,2026-01-02 03:04:05,0.0,,,4\n9,1767323045678,yes,0.5,no,5\n", WithPredictions);

        var first = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        Assert.Equal(
            [new("007", first, "1", 0.75, "true", first), new("8", first.AddMilliseconds(-678), "0", null, null, null), new("9", first, "yes", 0.5, "no", first)],
            read.Predictions);
        Assert.Equal(["answer", "score", "truth", "x"], read.Profile.Columns.Select(static column => column.Name));
    }

    [Fact]
    public async Task A_prediction_that_comes_twice_counts_once()
    {
        var read = await Rows.JsonAsync(
            """[{"id":1,"at":"2026-01-02T03:04:05Z","answer":1,"x":1.5},{"id":2,"at":"2026-01-02T03:04:05Z","answer":0,"x":2.5},{"id":"1","at":"2026-01-02T04:04:05+01:00","answer":1.0,"x":1.5}]""", WithPredictions);

        Assert.Equal((2, 2, 2), (read.Rows, read.Predictions.Length, read.Profile.Column("x").Count));
        Assert.Equal((1.5, 2.5), (read.Profile.Column("x").Min, read.Profile.Column("x").Max));
    }

    [Fact]
    public async Task Every_bad_prediction_is_named_by_its_row()
    {
        var faults = await Rows.FaultsAsync("id,at,answer,score,truth\n1,2026-01-01T00:00:00Z,1,0.5,\n1,2026-01-01T00:00:00Z,0,0.5,\n,2026-01-01T00:00:00Z,1,,\n3,yesterday,1,,\n4,,1,,\n5,2026-01-01T00:00:00Z,1,high,\n6,1767323045,1,,\n7,2026-01-01T00:00:00Z,1\n", WithPredictions);

        Assert.Equal(["rows[2].id", "rows[3].id", "rows[4].at", "rows[5].at", "rows[6].score", "rows[7].at", "rows[8]"], faults.Select(static fault => fault.Field));
        Assert.Contains("earlier row", faults[0].Detail, StringComparison.Ordinal);
        Assert.Contains("'yesterday' is no time", faults[2].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_the_schema_names_must_be_there()
    {
        Assert.Equal(["There is no column 'at', which has the times.", "There is no column 'answer', which has the predictions."],
            (await Rows.FaultsAsync("id,x\n1,2\n2,2\n", WithPredictions)).Select(static fault => fault.Detail));
        Assert.Equal(["There is no column 'id', which has the ids.", "There is no column 'answer', which has the predictions."],
            (await Rows.FaultsAsync("at,x\n1767323045678,2\n", WithPredictions)).Select(static fault => fault.Detail));
        Assert.Equal(0, (await Rows.CsvAsync("id,at,answer\n", WithPredictions)).Rows);
    }

    [Theory]
    [InlineData("a,a\n1,2\n", "columns", "twice")]
    [InlineData(",a\n1,2\n", "columns", "no name")]
    [InlineData("a,b\n1,2,3\n", "rows[1]", "3 fields, the header has 2")]
    [InlineData("", "body", "no columns")]
    public async Task Broken_csv_is_refused(string csv, string field, string detail) =>
        Assert.Contains(await Rows.FaultsAsync(csv), fault => fault.Field == field && fault.Detail.Contains(detail, StringComparison.Ordinal));

    [Theory]
    [InlineData("[{\"a\":1},", "rows[2]")]
    [InlineData("[{\"a\":1},5]", "rows[2]")]
    [InlineData("[{\"a\":1,\"a\":2}]", "rows[1].a")]
    [InlineData("{\"a\":1} nonsense", "rows[2]")]
    [InlineData("[{\"a\":\"\\ud800\"}]", "rows[1]")]
    [InlineData("[]", "body")]
    public async Task Broken_json_is_refused(string json, string field) => Assert.Contains(await Rows.FaultsAsync(Encoding.UTF8.GetBytes(json), "application/json"), fault => fault.Field == field);

    [Theory]
    [InlineData("text/csv", "a,b\n1.5,x\n")]
    [InlineData("text/csv; charset=utf-8", "a;b\r\n1.5;x\r\n")]
    [InlineData("text/tab-separated-values", "a\tb\n1.5\tx")]
    [InlineData("application/x-ndjson", "{\"a\":1.5,\"b\":\"x\"}")]
    [InlineData("application/json", " [ {\"a\":1.5,\"b\":\"x\"} ] ")]
    public async Task A_byte_order_mark_and_the_usual_separators_are_understood(string type, string body)
    {
        foreach (var mark in new[] { "", "\ufeff" })
        {
            var profile = (await Rows.ReadAsync(Encoding.UTF8.GetBytes(mark + body), type)).Profile;

            Assert.Equal(["a", "b"], profile.Columns.Select(static column => column.Name));
            Assert.Equal((1.5, "x"), (profile.Column("a").Min, profile.Column("b").Categories!.Counts.Keys.Single()));
        }
    }

    [Fact]
    public async Task Nested_cells_are_one_category_each()
    {
        var profile = (await Rows.JsonAsync("""[{"a":[1,{"b":2}],"c":{"d":[]}},{"a":null,"c":{"e":{}}},{"a":[],"c":"text"}]""")).Profile;

        Assert.Equal([new("[...]", 2)], profile.Column("a").Categories!.Counts);
        Assert.Equal([new("text", 1), new("{...}", 2)], profile.Column("c").Categories!.Counts);
    }

    [Fact]
    public async Task Types_other_than_rows_are_refused() => Assert.Equal("Content-Type", Assert.Single(await Rows.FaultsAsync([1], "image/png")).Field);

    [Fact]
    public async Task A_thousand_columns_are_taken_and_one_more_is_not()
    {
        var wide = Rows.Csv([.. Enumerable.Range(0, 1_000).Select(static i => $"c{i}")], Enumerable.Range(0, 30).Select(static row => Enumerable.Range(0, 1_000).Select(column => Rows.Text(row + (column / 7.0))).ToArray<string?>()));

        var profile = (await Rows.CsvAsync(wide)).Profile;

        Assert.Equal((1_000, 64), (profile.Columns.Length, profile.CoMoments!.Columns.Length));
        Assert.Contains("up to 1,000 columns", Assert.Single(await Rows.FaultsAsync(string.Join(',', Enumerable.Range(0, 1_001).Select(static i => $"c{i}")) + "\n")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e308", "-1e308", "1.7976931348623157E+308")]
    [InlineData("5e-324", "0", "-5e-324")]
    [InlineData("", "", "")]
    [InlineData("3.25", "3.25", "3.25")]
    public async Task Extreme_columns_have_finite_profiles(string a, string b, string c)
    {
        var profile = (await Rows.CsvAsync($"x,y\n{a},1.5\n{b},2.5\n{c},2.25\n")).Profile;

        var x = profile.Column("x");
        Assert.All(new[] { x.Min ?? 0, x.Max ?? 0, x.Moments.Mean, x.Moments.M2, x.Moments.M3, x.Moments.M4, x.Distinct ?? 0 }, static value => Assert.True(double.IsFinite(value)));
        Assert.Equal(x.Present, x.Bins?.Total ?? x.Categories?.Counts.Values.Sum() ?? 0);
        Rows.Same(profile, ProfileCodec.Read(ProfileCodec.Write(profile)));
    }

    [Fact]
    public async Task More_numbers_than_are_kept_get_their_edges_from_a_sketch()
    {
        var rows = Rows.Csv(["x", "few", "late"], Enumerable.Range(0, 20_000).Select(static i => new string?[] { Rows.Text(i * 7_919 % 20_000), Rows.Text(i % 5), i < 10_000 ? "1.5" : "words" }));

        var exact = (await Rows.CsvAsync(rows)).Profile;
        var sketched = (await Rows.CsvAsync(rows, new RowIngestOptions { BufferedNumbers = 5_000 })).Profile;

        var (one, other) = (exact.Column("x"), sketched.Column("x"));
        Assert.Equal((false, true), (one.IsApproximate, other.IsApproximate));
        Assert.Equal((20_000, 0, 19_999.0), (other.Bins!.Total, other.Min, other.Max));
        for (var i = 1; i < 64; i++)
        {
            Assert.InRange(other.Bins.Edges[i], one.Bins!.Edges[i] - 120, one.Bins.Edges[i] + 120);
        }
        Rows.Counts(exact.Column("few"), sketched.Column("few"));
        Assert.Equal((10_000, 10_000), (sketched.Column("late").Categories!.Counts["words"], sketched.Column("late").Categories!.Other));
    }

    [Fact]
    public async Task A_sample_is_drawn_by_its_seed_and_only_when_asked()
    {
        var csv = Rows.Csv(["id", "at", "x"], Enumerable.Range(0, 3_000).Select(static i => new string?[] { $"p{i}", "2026-01-01T00:00:00Z", i % 10 == 0 ? "" : Rows.Text(i) }));
        var options = new RowIngestOptions { SampleRows = 300, Seed = 7, Schema = new PredictionSchema(ModelTask.None, "id", "at", null, null, null, null) };

        var sample = (await Rows.CsvAsync(csv, options)).Profile.Sample!;

        Assert.Equal((3_000, 300), (sample.From, sample.Rows.Length));
        Assert.Equal(["x"], sample.Columns);
        Assert.Equal(sample.Rows.Select(static row => row[0]), (await Rows.CsvAsync(csv, options)).Profile.Sample!.Rows.Select(static row => row[0]));
        Assert.NotEqual(sample.Rows.Select(static row => row[0]), (await Rows.CsvAsync(csv, options with { Seed = 8 })).Profile.Sample!.Rows.Select(static row => row[0]));
        Assert.InRange(sample.Rows.Where(static row => row[0] is not null).Average(static row => double.Parse(row[0]!, CultureInfo.InvariantCulture)), 1_300, 1_700);
        Assert.Null((await Rows.CsvAsync(csv, options with { SampleRows = 0 })).Profile.Sample);
    }

    [Fact]
    public async Task Long_categories_are_hashed_and_numbers_have_one_form()
    {
        var profile = (await Rows.CsvAsync($"a\n{new string('x', 129)}\n{new string('y', 128)}\n1.0\n01\n+1\nTRUE\n", new RowIngestOptions { Kinds = RowIngestOptionsKinds(("a", ColumnKind.Categorical)) })).Profile;

        Assert.Equal(
            ["1", $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(new string('x', 129))))}", "true", new string('y', 128)],
            profile.Column("a").Categories!.Counts.Keys);
        Assert.Equal(3, profile.Column("a").Categories!.Counts["1"]);
    }

    [Fact]
    public void Numbers_are_read_as_the_framework_reads_them() => Gen.OneOf(
        Gen.Double.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long, Gen.Int[0, 18], static (digits, places) => (digits / (decimal)Math.Pow(10, places)).ToString(CultureInfo.InvariantCulture)),
        Gen.String[Gen.Char["0123456789.-+eE "], 1, 12]).Sample(static text =>
    {
        var expected = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);

        Assert.Equal(expected, NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var read));
        // Negative zero is zero here.
        Assert.Equal(expected ? number + 0.0 : 0, expected ? read + 0.0 : 0);
    });

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var faults = new RowFaults();
        await using var endless = new EndlessRows();

        Assert.Null(await RowIngest.ReadAsync(endless, "text/csv", new(), faults, TestContext.Current.CancellationToken));

        Assert.Equal(("body", "Rows have up to 100 MiB a body."), (Assert.Single(faults.All).Field, faults.All[0].Detail));
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, ColumnKind> RowIngestOptionsKinds(params (string Name, ColumnKind Kind)[] kinds) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(kinds.Select(static kind => KeyValuePair.Create(kind.Name, kind.Kind)));

    private sealed class EndlessRows : MemoryStream
    {
        private static readonly byte[] Line = Encoding.UTF8.GetBytes("some longer text that repeats itself without an end, in one cell of the row\n");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var filled = 0;
            for (; filled + Line.Length <= buffer.Length; filled += Line.Length)
            {
                Line.CopyTo(buffer[filled..]);
            }
            return ValueTask.FromResult(filled);
        }
    }
}
