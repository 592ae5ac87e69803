using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using CsCheck;
using ServerlessMeta.Access;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.LoggedModels;

public sealed class LoggedModelRowTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    private static readonly RunId[] Runs = [.. Enumerable.Range(0, 3).Select(static _ => RunId.New(new ExperimentId(5), 0, At))];

    // Whole characters only: a lone half of one cannot come from UTF-8.
    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab\n:-|\0 é日"], 0, 20];

    private static readonly Gen<Tag> Field = Gen.Select(Text, Text, static (key, value) => new Tag("k" + key, value));

    private static readonly Gen<ModelMetric> Metric = Gen.Select(Gen.Int[0, 4], Gen.OneOf(Gen.Double, Gen.Const(double.NaN), Gen.Const(double.NegativeInfinity)), Gen.Long, Gen.Long, Gen.Int[0, 2], Text.Null(), Text.Null())
        .Select(static (key, value, timestamp, step, run, name, digest) => new ModelMetric(new MetricPoint($"m{key}", value, timestamp, step), Runs[run], name, digest));

    [Fact]
    public void A_model_of_any_content_is_read_as_it_was_written() =>
        Gen.Select(Field.Array[0, 30], Field.Array[0, 30], Metric.Array[0, 60], Text.Null()).Sample(static (parameters, tags, metrics, text) =>
        {
            var state = new LoggedModelState(Bare(text));
            Assert.Null(state.AddParams(Distinct(parameters)) ?? state.SetTags(Distinct(tags)) ?? state.AddMetrics(metrics));

            var read = LoggedModelRow.To(state.Plan("w", Caller.Store, At, "model.change").Row);

            Same(state.ToModel(), read);
            Assert.Equal(Distinct(parameters), read.Params);
            Assert.Equal(Distinct(tags), read.Tags);
            Assert.Equal(metrics.Select(Comparable).ToHashSet(), read.Metrics.Select(Comparable).ToHashSet());
        }, iter: 300);

    [Fact]
    public void Changes_merged_one_after_another_leave_what_all_at_once_do() =>
        Gen.Select(Field.Array[0, 20], Metric.Array[1, 20], Gen.Int[0, 3]).Array[1, 130].Sample(static changes =>
        {
            var stored = new LoggedModelState(Bare("x")).Plan("w", Caller.Store, At, "model.change").Row;
            var (tags, points) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<object>());
            foreach (var (fields, metrics, status) in changes)
            {
                var state = new LoggedModelState(stored);
                Assert.Null(state.SetTags(Distinct(fields)) ?? state.AddMetrics(metrics) ?? (status == 0 ? null : state.SetStatus((LoggedModelStatus)status, At)));
                foreach (var tag in Distinct(fields))
                {
                    tags[tag.Key] = tag.Value;
                }
                points.UnionWith(metrics.Select(Comparable));
                stored = Merge(stored, state);
            }

            var read = LoggedModelRow.To(stored);
            Assert.Equal(tags.OrderBy(static pair => pair.Key, StringComparer.Ordinal), read.Tags.Select(static tag => KeyValuePair.Create(tag.Key, tag.Value)).OrderBy(static pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(points, read.Metrics.Select(Comparable).ToHashSet());
            Assert.Equal(points.Count, read.Metrics.Length);
        }, iter: 40);

    [Fact]
    public void The_fullest_model_fits_a_row()
    {
        var state = new LoggedModelState(Bare(new string('x', 500)) with { Name = new string('n', 500), ArtifactRoot = new string('r', 2048), SourceRunId = new string('s', 256) });
        var random = new Random(1);
        Fill(i => state.AddParams([new Tag(Key("p", i), new string('v', 6000))]));
        var half = state.Plan("w", Caller.Store, At, "model.change").Row;
        state = new LoggedModelState(half);
        Assert.Null(state.AddMetrics(Enumerable.Range(0, LoggedModelRow.Points).Select(i => new ModelMetric(
            new MetricPoint(Key("m", i % 350), random.NextDouble(), random.NextInt64(), random.NextInt64()), Runs[i % 350 % 3], null, null))));

        var row = Merge(half, state);

        Assert.InRange(TableLimits.Weigh(row), 750_000, TableLimits.RowBytes);
        Assert.Equal(LoggedModelRow.Points, LoggedModelRow.To(row).Metrics.Length);
    }

    [Fact]
    public void Points_and_fields_each_have_a_limit()
    {
        var state = new LoggedModelState(Bare("x"));
        Assert.Null(state.AddMetrics(Points(LoggedModelRow.Points)));
        Assert.Null(state.AddMetrics(Points(LoggedModelRow.Points)));
        Assert.Null(state.AddMetrics(Points(LoggedModelRow.Points + 1)));
        Assert.InRange(state.ToModel().Metrics.Length, LoggedModelRow.Points / 2, LoggedModelRow.Points);

        var full = Fill(i => new LoggedModelState(Bare("x")).SetTags([.. Enumerable.Range(0, i + 1).Select(static n => new Tag(Key("t", n), new string('v', 8000)))]));
        Assert.Equal("A logged model takes up to 262144 bytes of params and tags.", full!.Detail);
    }

    [Theory]
    [InlineData(507, 507)]
    [InlineData(508, 507)]
    [InlineData(700, 507)]
    public void Series_beyond_the_limit_are_left_out_and_the_others_go_on(int given, int kept)
    {
        var stored = new LoggedModelState(Bare("x")).Plan("w", Caller.Store, At, "model.change").Row;
        foreach (var step in (IEnumerable<int>)[1, 2])
        {
            var state = new LoggedModelState(stored);
            Assert.Null(state.AddMetrics(Enumerable.Range(0, given).Select(i => new ModelMetric(new MetricPoint(Key("m", i), i, step, step), Runs[i % 3], "d", "1"))));
            stored = Merge(stored, state);
            TableLimits.Weigh(stored);
        }

        Assert.Equal(Enumerable.Range(0, kept).SelectMany(static i => (string[])[$"{Key("m", i)} 1 {Runs[i % 3]}", $"{Key("m", i)} 2 {Runs[i % 3]}"]),
            LoggedModelRow.To(stored).Metrics.Select(static metric => $"{metric.Point.Key} {metric.Point.Step} {metric.Run}"));
    }

    [Fact]
    public void Four_thousand_plain_keys_have_room()
    {
        var state = new LoggedModelState(Bare("x"));
        Assert.Null(state.AddMetrics(Enumerable.Range(0, 4000).Select(static i => new ModelMetric(new MetricPoint($"layer/{i}/weight.norm", i, 1, 1), Runs[0], null, null))));

        Assert.Equal(4000, LoggedModelRow.To(state.Plan("w", Caller.Store, At, "model.change").Row).Metrics.Length);
    }

    [Fact]
    public void A_row_with_series_of_before_is_read_and_written_on()
    {
        var before = new LatestTable([]);
        ModelSeries[] series = [new("a", Runs[0], null, null), new("b", Runs[0], "d", "1"), new("a", Runs[1], "d", null)];
        foreach (var one in series)
        {
            before.Take(one.Write(null), default);
        }
        var stored = new LoggedModelState(Bare("x")).Plan("w", Caller.Store, At, "model.change").Row;
        (stored["nm"], stored["m0"], stored["t0"]) = (1, before.Chunk(0), TailCodec.Encode(series.Select(static (_, i) => new KeyedPoint(i, new StoredPoint(i, i, i))))[0]);
        var state = new LoggedModelState(stored);
        Assert.Null(state.AddMetrics([new ModelMetric(new MetricPoint("c", 3, 3, 3), Runs[1], null, null), new ModelMetric(new MetricPoint("b", 4, 4, 4), Runs[0], "d", "1")]));

        var read = LoggedModelRow.To(Merge(stored, state));

        Assert.Equal(series, LoggedModelRow.To(stored).Metrics.Select(ModelSeries.Of));
        Assert.Equal("a0 b1 b4 a2 c3", string.Join(' ', read.Metrics.Select(static metric => $"{metric.Point.Key}{metric.Point.Value}")));
        Assert.Equal([series[0], series[1], series[1], series[2], new("c", Runs[1], null, null)], read.Metrics.Select(ModelSeries.Of));
    }

    [Fact]
    public void Columns_of_a_kind_are_all_that_a_full_row_has_of_it()
    {
        var state = new LoggedModelState(Bare(null));
        Fill(i => state.AddParams([new Tag(Key("p", i), new string('v', 5000))]));
        Assert.Null(state.AddMetrics(Enumerable.Range(0, 700).Select(static i => new ModelMetric(new MetricPoint(Key("m", i), 1, 1, 1), Runs[0], null, null))));
        var row = state.Plan("w", Caller.Store, At, "model.change").Row;

        Assert.Equal(["w"], row.Keys.Except(LoggedModelRow.ColumnsOf(true, true, true)));
        Assert.Empty(LoggedModelRow.To(Only(LoggedModelRow.ColumnsOf(false, true, true))).Params);
        Same(LoggedModelRow.To(row), LoggedModelRow.To(Only(LoggedModelRow.ColumnsOf(true, true, true))));

        TableEntity Only(string[] columns) => new(row.Where(property => columns.Contains(property.Key)).ToDictionary());
    }

    [Fact]
    public void Tags_that_come_and_go_never_fill_the_row()
    {
        var stored = new LoggedModelState(Bare("x")).Plan("w", Caller.Store, At, "model.change").Row;
        for (var i = 0; i < 500; i++)
        {
            var state = new LoggedModelState(stored);
            Assert.Null(state.SetTags([new Tag(i % 2 == 0 ? "even" : "odd", new string((char)('a' + (i % 26)), 7000 + i))]) ?? (i % 3 == 2 ? state.RemoveTag(i % 2 == 0 ? "even" : "odd") : null));
            stored = Merge(stored, state);
            TableLimits.Weigh(stored);
        }

        Assert.InRange(LoggedModelRow.To(stored).Tags.Length, 1, 2);
    }

    [Fact]
    public void A_row_of_newer_code_is_not_guessed_at()
    {
        var row = new LoggedModelState(Bare("x")).Plan("w", Caller.Store, At, "model.change").Row;
        row["v"] = 2;

        Assert.Throws<InvalidDataException>(() => LoggedModelRow.To(row));
    }

    private static LoggedModel Bare(string? text) => new()
    {
        Id = LoggedModelId.New(new ExperimentId(5), 0, At),
        Name = "model",
        Type = text,
        SourceRunId = text,
        Status = LoggedModelStatus.Pending,
        CreatedAt = At,
        UpdatedAt = At,
        Stage = LifecycleStage.Active,
        ArtifactRoot = text,
    };

    // As the service merges: what is not named stays.
    private static TableEntity Merge(TableEntity stored, LoggedModelState state)
    {
        var plan = state.Plan("w", Caller.Store, At, "model.change");
        if (plan.Whole)
        {
            return plan.Row;
        }
        var merged = new TableEntity(stored);
        foreach (var (name, value) in plan.Row)
        {
            merged[name] = value;
        }
        return merged;
    }

    private static void Same(LoggedModel expected, LoggedModel actual)
    {
        Assert.Equal(expected with { Params = [], Tags = [], Metrics = [] }, actual with { Params = [], Tags = [], Metrics = [] });
        Assert.Equal(expected.Params, actual.Params);
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Metrics, actual.Metrics);
    }

    private static object Comparable(ModelMetric metric) => (metric.Point.Key, new StoredPoint(metric.Point.Timestamp, metric.Point.Step, metric.Point.Value), metric.Run, metric.DatasetName, metric.DatasetDigest);

    private static ImmutableArray<Tag> Distinct(Tag[] fields) => [.. fields.DistinctBy(static field => field.Key)];

    private static IEnumerable<ModelMetric> Points(int count) => Enumerable.Range(0, count).Select(static i => new ModelMetric(new MetricPoint("m", i, i, i), Runs[0], null, null));

    private static string Key(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:d5}{new string('k', 240)}");

    private static Failure? Fill(Func<int, Failure?> add)
    {
        Failure? full = null;
        for (var i = 0; full is null; i++)
        {
            full = add(i);
        }
        return full;
    }
}
