using CsCheck;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Tests.Policies;

/// <summary>Conditions on evaluations as text.</summary>
public sealed class ConditionTextTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.OneOf("on", "n", "digest", "slice", "low", "high", "a b", "\"", "\\", "\\\"", ">=", "(", "x(y)", "0.9", "é", "😀", "val/acc-1", "="), Gen.String[1, 12]).Where(static text => text.Length > 0);

    private static readonly Gen<EvaluationCondition> Conditions = Gen.Select(
        Gen.Select(Names, Names, Names.Null(), Names.Null()), Gen.Enum<MetricBound>(), Gen.Enum<Comparator>(), Gen.OneOf(Gen.Double, Gen.Const(-0.5), Gen.Const(1e-7), Gen.Const(1e300)).Where(double.IsFinite), Gen.Long[1, long.MaxValue].Nullable()).Select(
        static (names, bound, comparator, value, count) => new EvaluationCondition
        {
            Metric = names.Item1,
            Dataset = names.Item2,
            Digest = names.Item3,
            Slice = names.Item4,
            Bound = bound,
            Comparator = comparator,
            Value = value,
            LeastCount = count,
        });

    [Fact]
    public void What_is_written_reads_as_the_same_condition() => Conditions.Sample(static condition =>
    {
        var read = EvaluationConditionText.Parse(condition.ToString());

        Assert.True(read.IsOk, $"{condition}: {read.Failure?.Detail}");
        Assert.Equal(condition, read.Value);
        Assert.Equal(condition.ToString(), read.Value.ToString());
    }, iter: 20_000);

    [Theory]
    [InlineData("accuracy >= 0.9 on holdout", "accuracy >= 0.9 on holdout")]
    [InlineData("  accuracy>=.9   on  holdout ", "accuracy >= 0.9 on holdout")]
    [InlineData("low(accuracy) > 1e-3 on \"hold out\"", "low(accuracy) > 0.001 on \"hold out\"")]
    [InlineData("violations == 0 on d n>=5", "violations = 0 on d n >= 5")]
    [InlineData("low >= -1 on on digest digest slice slice n >= 1", "low >= -1 on on digest digest slice slice n >= 1")]
    public void Spellings_are_read(string text, string written) => Assert.Equal(written, EvaluationConditionText.Parse(text).Value.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("accuracy")]
    [InlineData("accuracy 0.9 on holdout")]
    [InlineData("accuracy >= on holdout")]
    [InlineData("accuracy >= NaN on holdout")]
    [InlineData("accuracy >= 1e999 on holdout")]
    [InlineData("accuracy => 0.9 on holdout")]
    [InlineData("accuracy != 0.9 on holdout")]
    [InlineData("accuracy >= 0.9 holdout")]
    [InlineData("accuracy >= 0.9 on")]
    [InlineData("accuracy >= 0.9 on holdout and more")]
    [InlineData("accuracy >= 0.9 on holdout n >= 0")]
    [InlineData("accuracy >= 0.9 on holdout n > 5")]
    [InlineData("accuracy >= 0.9 on holdout n >= 1.5")]
    [InlineData("accuracy >= 0.9 on holdout slice")]
    [InlineData("accuracy >= 0.9 on holdout slice s digest d")]
    [InlineData("low(accuracy >= 0.9 on holdout")]
    [InlineData("\"accuracy >= 0.9 on holdout")]
    [InlineData("\"\" >= 0.9 on holdout")]
    public void What_is_no_condition_is_refused_with_an_example(string text) => Assert.Contains("accuracy >= 0.9 on holdout", EvaluationConditionText.Parse(text).Failure!.Detail, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_read_or_refused() => Gen.String.Sample(static text => { _ = EvaluationConditionText.Parse(text).IsOk; });
}
