using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Tests.Monitoring.Performance;

public sealed class PerformanceCasesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("accuracy", "accuracy")]
    [InlineData("balancedAccuracy", "balancedAccuracy")]
    [InlineData("precision", "precision")]
    [InlineData("recall", "recall")]
    [InlineData("f1", "f1")]
    [InlineData("mcc", "mcc")]
    [InlineData("kappa", "kappa")]
    [InlineData("rocAuc", "rocAuc")]
    [InlineData("averagePrecision", "averagePrecision")]
    [InlineData("logLoss", "logLoss")]
    [InlineData("brier", "brier")]
    [InlineData("ece", "ece10EqualWidth")]
    public void Metrics_of_classes_agree(string name, string path)
    {
        var one = DriftCases.Get("clf-metrics");
        var rows = new ClassAccumulator(Some.Binary);
        foreach (var (y, score) in one.InputNumbers("y").Zip(one.InputNumbers("score")))
        {
            rows.Add(new("id", Start, null, score, y.ToString(CultureInfo.InvariantCulture), Start));
        }

        var measure = ClassMeasures.Of(rows, ModelTask.Binary).Single(one => one.Name == name);

        one.Matches(path, measure.Value!.Value);
        if (name != "ece")
        {
            Assert.InRange(measure.Value.Value, measure.Low!.Value, measure.High!.Value);
        }
    }

    [Fact]
    public void The_area_from_bins_is_within_its_bound()
    {
        var one = DriftCases.Get("clf-metrics");
        var histogram = new ScoreHistogram();
        foreach (var (y, score) in one.InputNumbers("y").Zip(one.InputNumbers("score")))
        {
            histogram.Add(score, y > 0);
        }

        var area = histogram.RocAuc()!.Value;

        Assert.InRange(one.ExpectedNumber("rocAuc"), area.Value - area.Bound, area.Value + area.Bound);
        // Scores of two digits never share a bin with others.
        one.Matches("rocAuc", area.Value);
    }

    [Fact]
    public void Metrics_of_numbers_agree()
    {
        var one = DriftCases.Get("reg-metrics");
        var rows = new NumberAccumulator();
        foreach (var (y, prediction) in one.InputNumbers("y").Zip(one.InputNumbers("pred")))
        {
            rows.Add(new("id", Start, prediction.ToString(CultureInfo.InvariantCulture), null, y.ToString(CultureInfo.InvariantCulture), Start));
        }

        var measures = NumberMeasures.Of(rows);

        Assert.All(one.Expected.EnumerateObject(), expected => one.Matches(expected.Name, measures.Single(one => one.Name == expected.Name).Value!.Value));
    }

    [Fact]
    public void Estimates_without_labels_agree()
    {
        var one = DriftCases.Get("cbpe");
        var (calibrated, predictions, scores) = (one.InputNumbers("calibrated"), one.InputNumbers("pred"), one.InputNumbers("score"));

        var estimate = ConfidenceEstimate.Of(calibrated.Select((probability, i) => (probability, predictions[i] > 0, scores[i])));

        one.Matches("accuracy", estimate.Accuracy!.Value);
        one.Matches("precision", estimate.Precision!.Value);
        one.Matches("recall", estimate.Recall!.Value);
        one.Matches("f1", estimate.F1!.Value);
        one.Matches("rocAuc", estimate.RocAuc!.Value);
    }

    [Fact]
    public void Calibration_agrees()
    {
        var one = DriftCases.Get("isotonic");

        var map = Isotonic.Fit(one.InputNumbers("x").Zip(one.InputNumbers("y"), static (x, y) => (x, y > 0)).OrderBy(static pair => pair.x));

        one.Matches("pred", [.. one.InputNumbers("grid").Select(map.Map)]);
    }

    [Fact]
    public void The_test_of_a_drop_agrees()
    {
        var one = DriftCases.Get("drop-test");
        var (reference, current) = (new Share((long)one.InputNumber("refCorrect"), (long)one.InputNumber("refN")), new Share((long)one.InputNumber("curCorrect"), (long)one.InputNumber("curN")));

        var (z, p) = DropTest.TwoShares(reference, current);
        var (low, high) = DropTest.Wilson(current);
        var (differenceLow, differenceHigh) = DropTest.Newcombe(reference, current);

        one.Matches("z", z);
        one.Matches("pDrop", p);
        one.Matches("pTwoSided", 2 * p);
        one.Matches("wilsonCur", [low, high]);
        one.Matches("newcombeDiff", [differenceLow, differenceHigh]);
    }

    [Fact]
    public void The_test_of_two_models_agrees()
    {
        var one = DriftCases.Get("mcnemar");

        var (exact, chiSquare) = DropTest.McNemar((long)one.InputNumber("b"), (long)one.InputNumber("c"));

        one.Matches("exactP", exact);
        one.Matches("chi2CcP", chiSquare);
        Assert.Equal((exact, chiSquare), DropTest.McNemar((long)one.InputNumber("c"), (long)one.InputNumber("b")));
        Assert.Equal(1, DropTest.McNemar(4, 4).Exact);
        Assert.Equal((1, 1), DropTest.McNemar(0, 0));
        Assert.Equal(0.125, DropTest.McNemar(4, 0).Exact, 1e-12);
    }

    [Fact]
    public void The_test_of_errors_agrees()
    {
        var one = DriftCases.Get("ttest");
        var (reference, current) = (new Spread(), new Spread());
        Array.ForEach(one.A, reference.Add);
        Array.ForEach(one.B, current.Add);

        var (t, p) = DropTest.Welch(reference, current)!.Value;

        one.Matches("tWelch", -t);
        one.Matches("pWelch", 2 * p);
    }
}
