using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Detectors;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Tests.Monitoring.Performance;
using ServerlessMeta.Tests.Monitoring.Streams;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class WindowAnalysisTests
{
    private static readonly StreamRow[] Stream = [.. SeaStream.Rows(7, 6000, [(0, 8), (4000, 9.5)])];

    private static readonly StreamRow[] Baseline = Stream[..2000];

    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.String.Select(static text => (string?)text), Gen.Const((string?)null), Gen.Double.Select(static x => (string?)x.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Const((string?)"1e308"), Gen.Const((string?)"-1e308"), Gen.Const((string?)"4.9e-324"), Gen.Const((string?)"NaN"), Gen.Const((string?)"1"), Gen.Const((string?)"0"), Gen.Const((string?)"true"));

    private static readonly Gen<double?> Score = Gen.OneOf(
        Gen.Double[0, 1].Select(static x => (double?)x), Gen.Double.Select(static x => (double?)x), Gen.Const((double?)null), Gen.Const((double?)double.NaN), Gen.Const((double?)double.NegativeInfinity), Gen.Const((double?)0), Gen.Const((double?)1));

    private static readonly Gen<ImmutableArray<JoinedPrediction>> Anything = Gen.Select(Text, Score, Text, Gen.Int[0, 30], Gen.Int[0, 2000]).Array[0, 80]
        .Select(static some => some.Select(static one => new JoinedPrediction($"{one.Item4}", StreamRow.Start.AddMinutes(one.Item5), one.Item1, one.Item2, one.Item3, one.Item3 is null ? null : StreamRow.Start)).ToImmutableArray());

    [Fact]
    public void Bad_predictions_give_a_result_that_is_json() => Gen.Select(Anything, Anything, Gen.OneOf(Gen.Const(Some.Binary), Gen.Const(Some.Multiclass), Gen.Const(Some.Regression), Gen.Const(PredictionSchema.None))).Sample(static (window, baseline, schema) =>
    {
        var options = Windows.For(schema) with { MinLabels = 2, MinCount = 2, Detectors = [] };

        var output = WindowAnalysis.Analyze(Windows.Of(window, options, baseline));

        Assert.NotEmpty(Windows.Json(output.Result));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1e308")]
    [InlineData("4.9e-324")]
    [InlineData("word")]
    public void Strange_columns_give_a_result_that_is_json(string? value)
    {
        string?[][] others = [[.. Enumerable.Range(0, 50).Select(static i => i.ToString(CultureInfo.InvariantCulture))], [.. Enumerable.Repeat(value, 50)], [value], [.. Enumerable.Repeat((string?)null, 50)], [.. Enumerable.Range(0, 50).Select(static i => i % 2 == 0 ? "1e308" : "-1e308")], []];
        foreach (var (before, now) in others.SelectMany(_ => others, static (one, other) => (one, other)))
        {
            var baseline = new DataProfile { Rows = before.Length, Columns = [StreamProfile.Column("x", before), StreamProfile.Column("only before", before)] };
            var input = Windows.Of([], new AnalysisOptions()) with
            {
                BaselineNumber = 1,
                Baseline = baseline,
                Current = new() { Rows = now.Length, Columns = [StreamProfile.Column("x", now, baseline.Columns[0]), StreamProfile.Column("only now", now)] },
            };

            var result = WindowAnalysis.Analyze(input).Result;

            Assert.NotEmpty(Windows.Json(result));
            Assert.Equal(["x", "only before", "only now"], result.Columns.Select(static one => one.Column));
            Assert.Equal(MetricStatus.NoReference, result.Column("only now").Status);
            Assert.Equal(before.Length > 0 ? MetricStatus.EmptyWindow : MetricStatus.NoReference, result.Column("only before").Status);
        }
    }

    [Fact]
    public void Shuffled_duplicated_and_late_labels_end_in_the_same_result() => Gen.Select(Gen.Int[0, 3000], Gen.Int[1, 1_000_000]).Sample(static (from, seed) =>
    {
        var input = Windows.Of(SeaStream.Columns, Stream[(2000 + from)..(2300 + from)], Baseline[..500]);
        var random = new Random(seed);
        var shuffled = input.Predictions.Concat(input.Predictions.Where(_ => random.Next(3) == 0)).Concat(input.Predictions.Where(_ => random.Next(3) == 0).Select(static one => one with { Label = null, LabelAt = null })).ToArray();
        random.Shuffle(shuffled);

        // Half of the labels are there at first, and the window still waits for the others.
        var half = WindowAnalysis.Analyze(input with { Predictions = [.. input.Predictions.Select((one, i) => i % 2 == 0 && i < 280 ? one with { Label = null, LabelAt = null } : one)], Options = input.Options with { MinCoverage = 1 } });
        var late = WindowAnalysis.Analyze(input with { Predictions = [.. shuffled], Options = input.Options with { MinCoverage = 1 }, Detectors = half.Detectors });
        var at = WindowAnalysis.Analyze(input with { Options = input.Options with { MinCoverage = 1 } });

        Assert.Equal(WindowState.Maturing, half.Result.State);
        Assert.Equal(Windows.Json(at.Result), Windows.Json(late.Result));
        Assert.Equal(at.Detectors, late.Detectors);
    }, iter: 20);

    [Fact]
    public void A_drop_of_accuracy_is_judged_against_the_baseline()
    {
        var stable = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[2000..2800], Baseline)).Result;
        var moved = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[4000..4800], Baseline)).Result;

        Assert.All(stable.Performance, static one => Assert.NotEqual(Verdict.Drift, one.Verdict));
        Assert.Equal(Verdict.NoDrift, stable.Performance("accuracy").Verdict);
        var accuracy = moved.Performance("accuracy");
        Assert.Equal((MetricStatus.Ok, Verdict.Drift, 2000, 800, 0.02), (accuracy.Status, accuracy.Verdict, accuracy.ReferenceCount, accuracy.CurrentCount, accuracy.Threshold!.Value));
        Assert.InRange(accuracy.P!.Value, 0, 1e-6);
        Assert.InRange(accuracy.Reference!.Value, 0.88, 0.92);
        Assert.InRange(accuracy.Value!.Value, accuracy.Low!.Value, accuracy.High!.Value);
        Assert.Equal("wilson/two-proportion-z", accuracy.Method);
        var drop = moved.Performance("accuracyDrop");
        Assert.Equal(accuracy.Reference.Value - accuracy.Value.Value, drop.Value!.Value, 1e-12);
        Assert.InRange(drop.Value.Value, drop.Low!.Value, drop.High!.Value);
        Assert.InRange(moved.Performance("bestThreshold").Value!.Value, 0, 0.2);
        Assert.InRange(moved.Performance("bestF1").Value!.Value, moved.Performance("f1").Value!.Value + 0.05, 1);
        // The order of scores is as good as before: only where the model cuts is wrong now.
        Assert.Equal(Verdict.NoDrift, moved.Performance("rocAuc").Verdict);
        Assert.Equal(Verdict.Drift, moved.Performance("logLoss").Verdict);
        // What was to be expected without a change of concept.
        Assert.InRange(moved.Estimated[0].Value!.Value, accuracy.High!.Value, 1);
    }

    [Fact]
    public void Data_that_move_drift_as_data_and_not_as_performance()
    {
        var rows = SeaStream.Rows(11, 3000, [(0, 8)], shift: 1.5, shiftAt: 2000).ToArray();

        var result = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, rows[2000..], rows[..2000])).Result;

        Assert.Equal([Verdict.Drift, Verdict.Drift, Verdict.NoDrift], SeaStream.Columns.Select(column => result.Column(column).Verdict));
        Assert.Equal((ColumnRole.Prediction, Verdict.Drift), (result.Column("predicted").Role, result.Column("predicted").Verdict));
        Assert.Equal((ColumnRole.Score, Verdict.Drift), (result.Column("score").Role, result.Column("score").Verdict));
        var share = result.Dataset.Single(static one => one.Metric == "driftShare");
        Assert.Equal((2.0 / 3, Verdict.Drift), (share.Value!.Value, share.Verdict));
        Assert.Equal(Verdict.NoDrift, result.Performance("accuracy").Verdict);
        Assert.Empty(result.Alarms);
    }

    [Fact]
    public void Without_a_baseline_performance_is_shown_and_nothing_is_judged()
    {
        var result = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[2000..2800], null)).Result;

        Assert.Equal(0, result.Baseline);
        Assert.All(result.Columns, static one => Assert.Equal((MetricStatus.NoReference, Verdict.None), (one.Status, one.Verdict)));
        Assert.Empty(result.Dataset);
        Assert.InRange(result.Performance("accuracy").Value!.Value, 0.87, 0.93);
        Assert.All(result.Performance, static one => Assert.Equal((Verdict.None, null), (one.Verdict, one.Reference)));
        Assert.Empty(result.Estimated);
    }

    [Fact]
    public void A_window_without_rows_says_so()
    {
        var input = Windows.Of(SeaStream.Columns, Stream[2000..2800], Baseline) with { Current = Windows.Nothing, Predictions = [] };

        var result = WindowAnalysis.Analyze(input).Result;

        Assert.Equal((0, 0, WindowState.Maturing), (result.Rows, result.Predictions, result.State));
        Assert.All(result.Columns, static one => Assert.Equal((MetricStatus.EmptyWindow, Verdict.None), (one.Status, one.Verdict)));
        Assert.Equal(5, result.Columns.Length);
        Assert.Empty(result.Performance);
    }

    [Fact]
    public void What_is_sure_but_small_is_no_drift()
    {
        var options = Windows.Options with { MinEffect = 0.3 };

        var result = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[4000..4800], Baseline) with { Options = options }).Result;

        Assert.Equal(Verdict.NoDrift, result.Performance("accuracy").Verdict);
        Assert.InRange(result.Performance("accuracy").P!.Value, 0, 1e-6);
    }

    [Fact]
    public void Few_labels_are_shown_but_not_judged_and_performance_is_estimated()
    {
        var result = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[4000..4800], Baseline, static row => row.Index % 100 == 0)).Result;

        var accuracy = result.Performance("accuracy");
        Assert.Equal((WindowState.Maturing, 800, 8), (result.State, result.Predictions, result.Labelled));
        Assert.Equal((Verdict.None, 8), (accuracy.Verdict, accuracy.CurrentCount));
        Assert.Contains("fewLabels", accuracy.Flags);
        Assert.Equal(["accuracy", "precision", "recall", "f1", "rocAuc"], result.Estimated.Select(static one => one.Metric));
        Assert.All(result.Estimated, static one => Assert.Contains("estimated", one.Flags));
        // The concept moved, which no estimate can see: it says what held for the baseline.
        Assert.InRange(result.Estimated[0].Value!.Value, 0.87, 0.92);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void Estimates_see_data_that_move_to_where_the_model_is_unsure(int power, bool isCalibrated)
    {
        // The probability of a label is the score, or a power of it that calibration has to find.
        static ImmutableArray<JoinedPrediction> Rows(int seed, int count, int power, double least, double most, bool isLabelled)
        {
            var random = new Random(seed);
            return
            [
                .. Enumerable.Range(0, count).Select(i =>
                {
                    var probability = least + (most - least) * random.NextDouble();
                    var label = random.NextDouble() < probability ? "1" : "0";
                    return new JoinedPrediction($"{i:d6}", StreamRow.Start.AddSeconds(i), probability >= 0.5 ? "1" : "0", Math.Pow(probability, power), isLabelled ? label : null, isLabelled ? StreamRow.Start : null);
                }),
            ];
        }

        var estimated = WindowAnalysis.Analyze(Windows.Of(Rows(2, 2000, power, 0.3, 0.7, false), Windows.For(Some.Binary), Rows(1, 20_000, power, 0, 1, true))).Result.Estimated[0];

        // By the integral of max(p, 1-p).
        Assert.Equal(0.6, estimated.Value!.Value, 0.02);
        Assert.Equal(0.75, estimated.Reference!.Value, 0.02);
        Assert.Equal(Verdict.Drift, estimated.Verdict);
        Assert.Equal(isCalibrated, estimated.Flags.Contains("calibrated"));
        Assert.InRange(estimated.Value.Value, estimated.Low!.Value, estimated.High!.Value);
    }

    [Fact]
    public void Labels_of_one_kind_of_prediction_only_are_flagged()
    {
        var result = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[2000..2800], Baseline, static row => row.Score > 0.3)).Result;
        var fair = WindowAnalysis.Analyze(Windows.Of(SeaStream.Columns, Stream[2000..2800], Baseline, static row => row.Index % 2 == 0)).Result;

        Assert.InRange(result.Performance("labelSelection").Value!.Value, 0.9, 1);
        Assert.Contains("labelSelection", result.Performance("accuracy").Flags);
        Assert.DoesNotContain("labelSelection", fair.Performance("accuracy").Flags);
        Assert.Equal(Verdict.None, result.Performance("labelSelection").Verdict);
    }

    [Fact]
    public void Labels_of_one_class_have_no_area()
    {
        ImmutableArray<JoinedPrediction> rows = [.. Enumerable.Range(0, 300).Select(static i => new JoinedPrediction($"{i:d4}", StreamRow.Start.AddMinutes(i), "1", i / 300.0, "1", StreamRow.Start))];

        var result = WindowAnalysis.Analyze(Windows.Of(rows, Windows.For(Some.Binary))).Result;

        var area = result.Performance("rocAuc");
        Assert.Equal((MetricStatus.NotComputable, null), (area.Status, area.Value));
        Assert.NotNull(area.Reason);
        Assert.Equal(1, result.Performance("accuracy").Value);
    }

    [Fact]
    public void Few_misses_are_judged_exactly()
    {
        static ImmutableArray<JoinedPrediction> Rows(int count, int wrong) =>
            [.. Enumerable.Range(0, count).Select(i => new JoinedPrediction($"{i:d4}", StreamRow.Start.AddMinutes(i), "1", null, i < wrong ? "0" : "1", StreamRow.Start))];

        var result = WindowAnalysis.Analyze(Windows.Of(Rows(100, 5), Windows.For(Some.Binary), Rows(1000, 2))).Result;

        Assert.Equal("wilson/fisher", result.Performance("accuracy").Method);
        Assert.Equal(Verdict.Drift, result.Performance("accuracy").Verdict);
        Assert.InRange(result.Performance("accuracy").P!.Value, 1e-5, 1e-3);
    }

    [Theory]
    [InlineData(2, Verdict.Drift)]
    [InlineData(1, Verdict.NoDrift)]
    public void Errors_of_numbers_are_judged_against_the_baseline(int factor, Verdict expected)
    {
        ImmutableArray<JoinedPrediction> Rows(int seed, int factor)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 400).Select(i => new JoinedPrediction($"{i:d4}", StreamRow.Start.AddMinutes(i), "100", null, (100 + factor * (random.NextDouble() - 0.5)).ToString("R", CultureInfo.InvariantCulture), StreamRow.Start))];
        }

        var result = WindowAnalysis.Analyze(Windows.Of(Rows(2, factor), Windows.For(Some.Regression), Rows(1, 1))).Result;

        Assert.All(new[] { "rmse", "mae", "mape" }, metric => Assert.Equal(expected, result.Performance(metric).Verdict));
        Assert.Equal(Verdict.None, result.Performance("r2").Verdict);
        Assert.Equal(Verdict.NoDrift, result.Performance("bias").Verdict);
    }

    [Fact]
    public void Every_class_of_many_has_its_metrics()
    {
        static ImmutableArray<JoinedPrediction> Rows(Func<int, string> predicted) =>
            [.. Enumerable.Range(0, 600).Select(i => new JoinedPrediction($"{i:d4}", StreamRow.Start.AddMinutes(i), predicted(i), null, $"{(char)('a' + i % 3)}", StreamRow.Start))];

        var result = WindowAnalysis.Analyze(Windows.Of(Rows(static i => i % 3 == 2 ? "a" : $"{(char)('a' + i % 3)}"), Windows.For(Some.Multiclass), Rows(static i => $"{(char)('a' + i % 3)}"))).Result;

        Assert.Equal(Verdict.Drift, result.Performance("recall[c]").Verdict);
        Assert.Equal(Verdict.NoDrift, result.Performance("recall[b]").Verdict);
        Assert.Equal(Verdict.Drift, result.Performance("f1Macro").Verdict);
        Assert.Equal(result.Performance("accuracy").Value, result.Performance("f1Micro").Value);
        Assert.Equal(MetricStatus.NotComputable, result.Performance("precision[c]").Status);
    }
}
