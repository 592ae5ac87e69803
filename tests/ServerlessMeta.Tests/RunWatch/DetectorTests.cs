using ServerlessMeta.RunWatch;
using ServerlessMeta.Tests.Monitoring;

namespace ServerlessMeta.Tests.RunWatch;

/// <summary>The detectors against the reference cases, and against formulas written plainly.</summary>
public sealed class DetectorTests
{
    [Fact]
    public void Spikes_are_where_both_rules_of_the_reference_see_them()
    {
        var one = DriftCases.Get("run-spike_nan");
        var (spike, window, found) = (new SpikeDetector(), new SeriesWindow(), new List<int>());
        foreach (var (i, value) in one.InputNumbers("loss").Index())
        {
            // What is not finite is a kind of its own here.
            if (!double.IsFinite(value) || spike.Take(value, window))
            {
                found.Add(i);
            }
        }

        Assert.Equal(one.ExpectedIndices("lightningSpike"), found);
        Assert.Equal(one.ExpectedIndices("robustZ"), found);
    }

    [Fact]
    public void Divergence_begins_where_the_reference_sees_it()
    {
        var one = DriftCases.Get("run-spike_nan");
        var (divergence, spike, window, smoothed, before, found) = (default(DivergenceDetector), new SpikeDetector(), new SeriesWindow(), 0f, 0, new List<int>());
        foreach (var (i, value) in one.InputNumbers("loss").Index().Where(static point => double.IsFinite(point.Item)))
        {
            spike.Take(value, window);
            smoothed = (float)(before == 0 ? value : smoothed + (0.3 * (value - smoothed)));
            if (divergence.Take(before++, smoothed, window))
            {
                found.Add(i);
            }
        }

        Assert.Equal(one.ExpectedNumber("divergeIndex"), found[0]);
    }

    [Theory]
    [InlineData(0.001, -1)]
    [InlineData(0.01, 91)]
    [InlineData(0.1, 37)]
    public void Plateaus_are_those_of_early_stopping(double minDelta, int expected)
    {
        var one = DriftCases.Get("run-spike_nan");
        var (plateau, found) = (PlateauDetector.New, -1);
        foreach (var (i, value) in one.InputNumbers("loss").Index())
        {
            if (plateau.Take(value, 5, minDelta) && found < 0)
            {
                found = i;
            }
        }

        Assert.Equal(expected, found);
        Assert.Equal(-1, one.ExpectedNumber("earlyStopIndex_p5_d001"));
    }

    [Fact]
    public void Overfitting_begins_where_the_reference_sees_it()
    {
        var one = DriftCases.Get("run-overfit");
        var (overfitting, spike, window, found) = (OverfittingDetector.New, new SpikeDetector(), new SeriesWindow(), new List<int>());
        var (train, val) = (0f, 0f);
        foreach (var (i, (trained, value)) in one.InputNumbers("train").Zip(one.InputNumbers("val")).Index())
        {
            spike.Take(value, window);
            (train, val) = i == 0 ? ((float)trained, (float)value) : ((float)(train + (0.3 * (trained - train))), (float)(val + (0.3 * (value - val))));
            if (overfitting.Take(i, (float)value, val, train, window))
            {
                found.Add(i);
            }
        }

        Assert.Equal(one.ExpectedNumber("overfitIndex"), found[0]);
        Assert.Equal(one.ExpectedNumber("bestValIndex"), overfitting.BestStep);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_window_agrees_with_sorting_everything_anew(int seed)
    {
        var random = new Random(seed);
        var (window, plain) = (new SeriesWindow(), new List<float>());
        for (var i = 0; i < 500; i++)
        {
            var value = random.Next(3) == 0 ? random.Next(5) : Math.Pow(10, random.Next(-3, 3)) * (random.NextDouble() - 0.3);
            if (plain.Count > 0)
            {
                var sorted = plain.Order().ToArray();
                var median = Median(sorted);
                var mad = Median([.. plain.Select(one => Math.Abs(one - median)).Order().Select(static one => (float)one)]);
                var z = (value - median) / Math.Max(1.4826 * mad, Math.Max(1e-9, 1e-3 * Math.Abs(median)));
                Assert.Equal(Math.Max(0, z), window.RobustZ(value), 1e-4 * Math.Max(1, Math.Abs(z)));
                Assert.True(plain.Count < SeriesWindow.Length || window.IsBeyond(value, 6) == window.RobustZ(value) > 6);
                Assert.Equal(plain.TakeLast(10).Average(static one => (double)one), window.MeanOf(10), 1e-9);
                Assert.Equal(plain[^1], window.Last);
                Assert.Equal(plain.Count < 2 ? 0 : Median([.. plain.Zip(plain.Skip(1), static (x, y) => Math.Abs(y - x)).Order()]) * 1.0484, window.Noise(), 1e-6);
            }
            window.Push(value);
            plain.Add((float)value);
            plain.RemoveRange(0, Math.Max(0, plain.Count - SeriesWindow.Length));
        }

        static double Median(float[] sorted) => ((double)sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_window_that_was_stored_is_the_same_up_to_a_small_part_of_its_range(int seed)
    {
        var random = new Random(seed);
        var window = new SeriesWindow();
        for (var i = 0; i < 100; i++)
        {
            window.Push((i % 10) switch { 0 => 1e308, 1 => -1e-30, _ => random.NextDouble() - 0.5 } * (seed == 1 ? 1 : 1e-300));
            var (bytes, read) = (new List<byte>(), new SeriesWindow());
            window.Write(bytes);
            ReadOnlySpan<byte> from = bytes.ToArray();
            read.Read(ref from);

            Assert.True(from.IsEmpty);
            Assert.Equal((window.Count, window.Last), (read.Count, read.Last));
            Assert.Equal(window.MeanOf(10), read.MeanOf(10), seed == 1 ? 2e34 : 1e-30);
        }
    }

    [Fact]
    public void A_level_that_changed_for_good_is_taken_as_the_new_one()
    {
        var (spike, window) = (new SpikeDetector(), new SeriesWindow());
        var flagged = Enumerable.Range(0, 100).Count(i => spike.Take(i < 40 ? 1 + (0.01 * (i % 3)) : 10 + (0.1 * (i % 3)), window));

        Assert.Equal(10, flagged);
    }

    [Fact]
    public void Numbers_at_the_ends_of_their_range_disturb_nothing()
    {
        var (spike, window) = (new SpikeDetector(), new SeriesWindow());
        foreach (var value in Enumerable.Range(0, 60).Select(static i => (i % 6) switch { 0 => 1e308, 1 => -1e308, 2 => double.Epsilon, 3 => double.MaxValue, 4 => 0, _ => double.MinValue }))
        {
            spike.Take(value, window);
            Assert.False(double.IsNaN(window.RobustZ(value)));
            Assert.True(double.IsFinite(window.MeanOf(10)) && double.IsFinite(window.Noise()));
        }
    }
}
