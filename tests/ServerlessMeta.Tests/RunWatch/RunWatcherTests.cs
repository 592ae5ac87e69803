using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Tests.House;
using ServerlessMeta.Tests.Monitoring;

namespace ServerlessMeta.Tests.RunWatch;

/// <summary>What the watch of a run says, however its points come.</summary>
public sealed class RunWatcherTests
{
    private static readonly string[] Expected = ["spike loss@50", "divergence loss@54", "nan loss@90"];

    [Fact]
    public void The_reference_run_with_a_spike_and_a_nan_tells_of_them_once()
    {
        var run = new WatchedRun();
        run.LogAll("loss", Loss());

        Assert.Equal(Expected, run.Told);
        Assert.Equal(4.2, run.Seen[0].Value);
        Assert.Contains("the mean of the 10 values before it is 0.9", run.Seen[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reference_run_that_overfits_tells_so_whatever_its_series_are_called()
    {
        var one = DriftCases.Get("run-overfit");
        foreach (var (train, val) in new[] { ("loss", "val_loss"), ("train_loss", "eval_loss"), ("train/loss_epoch", "validation/loss"), ("loss/train", "loss/test") })
        {
            var run = new WatchedRun();
            foreach (var (i, (trained, value)) in one.InputNumbers("train").Zip(one.InputNumbers("val")).Index())
            {
                // The order within a call says nothing.
                run.Log((val, value, i), (train, trained, i));
            }

            Assert.Equal([$"plateau {val}@60", $"overfitting {val}@60", $"divergence {val}@76"], run.Told);
            Assert.Contains($"at step 41, for 5 points, while {train} went on", run.Seen[1].Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_gets_better_upwards_is_judged_the_other_way_round()
    {
        var one = DriftCases.Get("run-overfit");
        var run = new WatchedRun();
        foreach (var (i, (trained, value)) in one.InputNumbers("train").Zip(one.InputNumbers("val")).Index())
        {
            run.Log(("accuracy", 1 - trained, i), ("val_accuracy", 1 - value, i));
        }
        // 5 % of the best accuracy, 0.54, is about as much as of the least loss, 0.46.
        Assert.Equal(["divergence val_accuracy", "overfitting val_accuracy", "plateau val_accuracy"], run.Told.Select(static one => one.Split('@')[0]).Order(StringComparer.Ordinal));

        run = new WatchedRun();
        run.LogAll("accuracy", [.. Enumerable.Range(0, 40).Select(static i => 0.5 + (0.01 * i) + (0.002 * (i % 2))), 0.1, 0.9, .. Enumerable.Repeat(0.3, 10)]);
        Assert.Equal(["spike accuracy@40", "spike accuracy@42", "divergence accuracy@46"], run.Told);
        Assert.Contains("0.1 stands far out: the mean of the 10 values before it is 0.8", run.Seen[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Calls_of_any_size_and_order_repeated_and_through_several_instances_tell_the_same(int seed)
    {
        var random = new Random(seed);
        var (run, points) = (new WatchedRun(), Loss().Index().Select(static point => ("loss", point.Item, (long)point.Index)).ToArray());
        for (var from = 0; from < points.Length;)
        {
            var call = points[from..Math.Min(points.Length, from + random.Next(1, 20))];
            from += call.Length;
            random.Shuffle(call);
            run.Log(call);
            if (random.Next(3) == 0)
            {
                // A client that had no answer sends it again, a job that was restarted from a checkpoint goes over old steps with other values.
                run.Log(call);
                run.Log(call.Select(static point => ("loss", point.Item2 + 100, point.Item3)));
            }
            if (random.Next(8) == 0)
            {
                run.Spill();
            }
            if (random.Next(2) == 0)
            {
                run.Reload();
            }
        }

        Assert.Equal(Expected, run.Told);
    }

    [Fact]
    public void Points_that_tell_nothing_are_stored_alone_and_whoever_reads_the_run_knows_what_they_said()
    {
        var (kept, read) = (new WatchedRun(), new WatchedRun());
        for (var step = 0; step < 150; step++)
        {
            foreach (var run in new[] { kept, read })
            {
                run.Log(Enumerable.Range(0, 20).Select(i => ($"loss_{(char)('a' + i)}", step == 140 ? 50 : 2 - (0.01 * step), (long)step)));
            }
            read.Reload();
            Assert.Equal(step < 140, read.Stores == 0);
        }

        Assert.Equal(20, read.Told.Count(static one => one.StartsWith("spike", StringComparison.Ordinal)));
        Assert.Equal(kept.Told, read.Told);
        Assert.Equal(kept.Stores, read.Stores);
    }

    [Fact]
    public void Many_points_store_the_watch_so_that_reading_a_run_stays_quick()
    {
        var run = new WatchedRun();
        for (var call = 0; call < 100; call++)
        {
            run.Log(Enumerable.Range(call * 100, 100).Select(static step => ("loss", 1.0 / (1 + step), (long)step)));
        }

        Assert.Equal(2, run.Stores);
    }

    [Fact]
    public void Points_that_come_late_never_take_the_series_back()
    {
        var run = new WatchedRun();
        run.LogAll("loss", Enumerable.Range(0, 60).Select(static i => 10 - (0.1 * i)));
        run.Log(("loss", 1e6, 3), ("loss", 1e6, 59));
        run.Log(("loss", 3.9, 61));

        Assert.Empty(run.Told);
        run.Log(("loss", double.NaN, 7), ("loss", double.NaN, 8));
        Assert.Equal(["nan loss@7"], run.Told);
        run.Log(("loss", double.NaN, 7), ("loss", 3.8, 62), ("loss", double.PositiveInfinity, 63), ("loss", double.NaN, 64));
        Assert.Equal(["nan loss@7", "nan loss@63"], run.Told);
        Assert.Equal("The value is infinite. This is number 2.", run.Seen[1].Detail);
    }

    [Fact]
    public void A_series_without_steps_goes_by_its_times()
    {
        var run = new WatchedRun();
        foreach (var (i, value) in Loss().Index())
        {
            run.Log([("loss", value, 0L, 5000L + i)]);
            run.Log([("loss", value * 100, 0L, 5000L)]);
        }

        Assert.Equal(["spike loss@0", "divergence loss@0", "nan loss@0"], run.Told);
    }

    [Fact]
    public void A_plateau_is_told_when_it_begins_and_again_when_another_does()
    {
        var run = new WatchedRun();
        run.LogAll("val_loss", [.. Enumerable.Repeat(1.0, 40), .. Enumerable.Range(0, 20).Select(static i => 0.9 - (0.01 * i)), .. Enumerable.Repeat(0.71, 60)]);

        Assert.Equal(["plateau val_loss@20", "plateau val_loss@79"], run.Told);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void A_noisy_series_that_converges_is_left_in_peace(double noise)
    {
        var told = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            var (random, run) = (new Random(seed), new WatchedRun());
            run.LogAll("loss", Enumerable.Range(0, 5000).Select(i => (1 + (4 / (1 + (0.01 * i)))) * Math.Exp(noise * Normal(random))));
            Assert.DoesNotContain(run.Seen, static one => one.Kind is AnomalyKind.Divergence or AnomalyKind.Overfitting or AnomalyKind.Nan);
            told += run.Seen.Count;
        }

        // A few in ten thousand points are spikes by chance, and a plateau is told each time it rests after a new best.
        Assert.InRange(told, 0, 70);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void A_noisy_series_that_diverges_is_found(double noise)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, run) = (new Random(seed), new WatchedRun());
            run.LogAll("loss", Enumerable.Range(0, 400).Select(i => (i < 200 ? 2 - (0.005 * i) : 1 + (0.05 * (i - 200))) * Math.Exp(noise * Normal(random))));
            Assert.InRange(run.Seen.First(static one => one.Kind is AnomalyKind.Divergence).Step, 200, 300);
        }
    }

    [Fact]
    public void A_series_that_never_rests_does_not_fill_the_table()
    {
        var run = new WatchedRun();
        run.LogAll("loss", Enumerable.Range(0, 20_000).Select(static i => i % 2 == 0 ? double.NaN : 1));

        // Four, and then each time there are twice as many: 8 to 8192.
        Assert.Equal(4 + 11, run.Told.Count(static one => one.StartsWith("nan", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_what_looks_like_a_loss_or_a_score_is_watched_and_a_declaration_says_otherwise()
    {
        var run = new WatchedRun();
        run.Declared["watch.energy"] = "min";
        run.Declared["watch.loss"] = "off";
        run.Log(("lr", double.NaN, 0), ("energy", double.NaN, 0), ("loss", double.NaN, 0), ("acc", double.NaN, 0));
        Assert.Equal(["nan energy@0", "nan acc@0"], run.Told);

        run.Declare("lr", "max");
        run.Declare("loss", null);
        run.Declare("acc", "off");
        run.Reload();
        run.Log(("lr", double.NaN, 1), ("loss", double.NaN, 1), ("acc", 1, 1), ("acc", double.NaN, 2), ("energy", 1, 1), ("energy", double.NaN, 2));
        Assert.Equal(["nan energy@0", "nan acc@0", "nan lr@1", "nan loss@1", "nan energy@2"], run.Told);
    }

    [Fact]
    public void A_direction_that_is_declared_late_begins_the_series_anew()
    {
        var run = new WatchedRun();
        run.LogAll("error", Enumerable.Range(0, 60).Select(static i => i < 30 ? 1.0 - (0.001 * i) : i));
        Assert.Contains("divergence error@34", run.Told);

        run.Declare("error", "max");
        run.Log(Enumerable.Range(60, 60).Select(static i => ("error", (double)i, (long)i)));
        Assert.DoesNotContain(run.Seen, static one => one.Step >= 60);
    }

    [Fact]
    public void Thirty_two_series_are_watched_and_take_little_room()
    {
        var run = new WatchedRun();
        for (var step = 0; step < 100; step++)
        {
            run.Log(Enumerable.Range(0, 40).Select(i => ($"val_{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}_loss", (1.0 + i) / (step + 1), (long)step)));
        }
        run.Spill();
        run.Reload();
        run.Log(Enumerable.Range(0, 40).Select(static i => ($"val_{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}_loss", double.NaN, 1000L)));

        Assert.Equal(32, run.Told.Count(static one => one.StartsWith("nan", StringComparison.Ordinal)));
        Assert.Equal(RunWatcher.MaxChunks, run.Stored.Count);
        Assert.InRange(run.Stored.Sum(static chunk => chunk.Length), 32 * 60, 32 * 95);
    }

    [Fact]
    public void State_that_makes_no_sense_is_kept_and_the_run_goes_on_unwatched()
    {
        foreach (var chunk in new byte[][] { [9, 1, 2, 3], [1, 200, 200], [1, 90, 0, 0, 0, 0, 0], [] })
        {
            var run = new WatchedRun();
            run.Log(("other", 1, 0));
            run.Overwrite(chunk);
            run.LogAll("loss", double.NaN, 1, double.NaN);

            Assert.Empty(run.Told);
            Assert.Equal(chunk, Assert.Single(run.Stored));
        }
    }

    [Fact]
    public void A_run_that_is_not_watched_keeps_what_is_stored()
    {
        var watched = new WatchedRun();
        watched.LogAll("loss", Loss().Take(40));
        watched.Spill();
        var run = new WatchedRun(isOn: false);
        run.Log(("loss", 1, 0));
        run.Overwrite(watched.Stored[0]);
        run.LogAll("loss", double.NaN, double.NaN);

        Assert.Empty(run.Told);
        Assert.Equal(watched.Stored[0], Assert.Single(run.Stored));
    }

    [Fact]
    public void The_longest_names_and_details_fit_a_row()
    {
        var seen = Enumerable.Range(0, 64).Select(static i => new SeenAnomaly(AnomalyKind.Overfitting, new string('日', 250), i, i, new string('d', 400))).ToList();
        var rows = RunAnomalyRow.From("p", RunId.New(default, 0, DateTimeOffset.UnixEpoch), 7, DateTimeOffset.UnixEpoch, seen).ToList();

        Assert.Equal(2, rows.Count);
        Assert.All(rows, static row => Assert.Null(TableLimits.Broken(row, out _)));
        Assert.Equal(RunAnomalyRow.To(rows[0]), RunAnomalyRow.To(rows[1]));
        Assert.InRange(RunAnomalyRow.To(rows[0]).Count(), 30, 64);
    }

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/RunWatch/RunWatchKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToList();

        Assert.Equal(2, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }

    private static double[] Loss() => DriftCases.Get("run-spike_nan").InputNumbers("loss");

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
