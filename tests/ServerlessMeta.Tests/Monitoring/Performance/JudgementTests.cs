using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Tests.Monitoring.Performance;

/// <summary>Tests of a drop say what they promise: wrong in one of twenty cases when nothing changed, and right when something did.</summary>
public sealed class JudgementTests
{
    private const int Trials = 1000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly AnalysisOptions Uncorrected = new() { Schema = Some.Binary, Correction = "none", MinEffect = 0 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_changed_is_called_a_drop_in_one_of_twenty_cases(int seed)
    {
        var rates = Rates(seed, Trials, 400, 0);

        Assert.All(new[] { "accuracy", "balancedAccuracy", "mcc", "kappa", "rocAuc", "logLoss", "brier", "precision", "recall" }, metric => Assert.InRange(rates[metric], 0.03, 0.07));
        // Their errors are taken on the careful side.
        Assert.All(new[] { "f1", "averagePrecision" }, metric => Assert.InRange(rates[metric], 0, 0.07));
    }

    [Fact]
    public void A_drop_is_found()
    {
        var rates = Rates(1, 200, 1000, 0.1);

        Assert.All(new[] { "accuracy", "balancedAccuracy", "mcc", "kappa", "rocAuc", "logLoss", "brier" }, metric => Assert.InRange(rates[metric], 0.9, 1));
        Assert.InRange(rates["f1"], 0.6, 1);
    }

    /// <summary>How often each metric is called worse.</summary>
    private static Dictionary<string, double> Rates(int seed, int trials, int rows, double turned)
    {
        var random = new Random(seed);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < trials; i++)
        {
            var reference = Measures(random, rows, 0).ToDictionary(static one => one.Name, StringComparer.Ordinal);
            foreach (var result in Judgement.Of(Measures(random, rows, turned), reference, Uncorrected, isJudged: true, []))
            {
                counts[result.Metric] = counts.GetValueOrDefault(result.Metric) + (result.Verdict is Verdict.Drift ? 1 : 0);
            }
        }
        return counts.ToDictionary(static one => one.Key, one => (double)one.Value / trials, StringComparer.Ordinal);
    }

    /// <param name="turned">The share of labels that are turned.</param>
    private static IReadOnlyList<Measure> Measures(Random random, int rows, double turned)
    {
        var accumulator = new ClassAccumulator(Some.Binary);
        for (var i = 0; i < rows; i++)
        {
            // More sure than not: probabilities gather at both ends.
            var score = 0.5 + 0.5 * Math.Cos(Math.PI * random.NextDouble());
            var label = random.NextDouble() < score ^ random.NextDouble() < turned;
            accumulator.Add(new("id", Start, null, score, label ? "1" : "0", Start));
        }
        return ClassMeasures.Of(accumulator, ModelTask.Binary);
    }
}
