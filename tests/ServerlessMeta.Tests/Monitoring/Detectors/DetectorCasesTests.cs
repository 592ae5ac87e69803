using System.Text.Json;
using ServerlessMeta.Monitoring.Detectors;

namespace ServerlessMeta.Tests.Monitoring.Detectors;

public sealed class DetectorCasesTests
{
    private static readonly Dictionary<string, Func<Detector>> Made = new(StringComparer.Ordinal)
    {
        ["DDM"] = static () => new Ddm(),
        ["EDDM"] = static () => new Eddm(),
        ["EDDM_a80_b75"] = static () => new Eddm { Alpha = 0.8, Beta = 0.75 },
        ["HDDM_A"] = static () => new HddmA(),
        ["HDDM_A_two"] = static () => new HddmA { IsTwoSided = true },
        ["HDDM_W"] = static () => new HddmW(),
        ["HDDM_W_two"] = static () => new HddmW { IsTwoSided = true },
        ["ADWIN"] = static () => new Adwin(),
        ["ADWIN_delta0.05_clock1"] = static () => new Adwin { Delta = 0.05, Clock = 1 },
        ["ADWIN_legacy_pre_fix"] = static () => new Adwin { IsLegacy = true },
        ["PageHinkley_thr10"] = static () => new PageHinkley { Threshold = 10 },
        ["PageHinkley_up_thr20"] = static () => new PageHinkley { Threshold = 20, HearsFall = false },
        ["ADWIN_clock1"] = static () => new Adwin { Clock = 1 },
        ["PageHinkley_thr5"] = static () => new PageHinkley { Threshold = 5 },
        ["PageHinkley_down_thr5"] = static () => new PageHinkley { Threshold = 5, HearsRise = false },
        ["PageHinkley"] = static () => new PageHinkley(),
    };

    [Theory]
    [InlineData("online-abrupt")]
    [InlineData("online-stable")]
    [InlineData("online-num-riverdoc12345")]
    public void Detectors_fire_where_those_of_others_do(string id)
    {
        var one = DriftCases.Get(id);
        double[] series = one.Input.TryGetProperty("bits", out var bits) ? [.. bits.GetString()!.Select(static bit => (double)(bit - '0'))] : one.InputNumbers("x");

        foreach (var expected in one.Expected.EnumerateObject().Where(static one => one.Value.TryGetProperty("drift", out _)))
        {
            var (drift, warnings) = Run(Made[expected.Name](), series);

            Assert.Equal((expected.Name, string.Join(' ', one.ExpectedIndices($"{expected.Name}/drift"))), (expected.Name, string.Join(' ', drift)));
            if (expected.Value.TryGetProperty("warningStarts", out _))
            {
                Assert.Equal((expected.Name, string.Join(' ', one.ExpectedIndices($"{expected.Name}/warningStarts"))), (expected.Name, string.Join(' ', warnings)));
            }
        }
    }

    [Fact]
    public void The_window_of_adwin_ends_as_that_of_others()
    {
        var one = DriftCases.Get("online-num-riverdoc12345");
        var adwin = new Adwin();

        foreach (var x in one.InputNumbers("x"))
        {
            adwin.Update(x);
        }

        one.Matches("ADWIN_finalState/width", adwin.Width);
        one.Matches("ADWIN_finalState/total", adwin.Total);
        one.Matches("ADWIN_finalState/variance", adwin.Scatter);
    }

    [Fact]
    public void The_first_error_after_an_error_free_start_is_drift_unless_some_are_waited_for()
    {
        double[] series = [.. Enumerable.Repeat(0.0, 40), 1, 0, 0, 0];

        Assert.Equal([40], Run(new Ddm(), series).Drift);
        Assert.Equal([40], Run(DetectorSet.New(Ddm.Name), series).Drift);
        Assert.Empty(Run(DetectorSet.New(Ddm.GuardedName), series).Drift);
        Assert.All(DetectorSet.All, static name => Assert.Equal(name, DetectorSet.NameOf(DetectorSet.New(name))));
    }

    [Theory]
    [InlineData(1, 30, 1)]
    [InlineData(30, 30, 1.6911233892144e-17)]
    [InlineData(2, 2, 0.333333333333333)]
    [InlineData(3, 5, 0.357142857142857)]
    [InlineData(2, 5, 0.873015873015873)]
    public void The_p_value_of_two_samples_of_one_size_is_exact(int steps, int size, double expected) => Assert.Equal(expected, Kswin.ExactP(steps, size), expected * 1e-12);

    private static (List<int> Drift, List<int> Warnings) Run(Detector detector, double[] series)
    {
        var (drift, warnings, warned) = (new List<int>(), new List<int>(), false);
        for (var i = 0; i < series.Length; i++)
        {
            detector.Update(series[i]);
            if (detector.IsDrift)
            {
                drift.Add(i);
            }
            if (detector.IsWarning && !warned)
            {
                warnings.Add(i);
            }
            warned = detector.IsWarning;
        }
        return (drift, warnings);
    }
}
