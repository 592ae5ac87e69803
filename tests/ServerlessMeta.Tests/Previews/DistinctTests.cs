using System.Globalization;
using System.Text.Unicode;
using CsCheck;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class DistinctTests
{
    /// <summary>Six standard errors: one of some hundred million sets may fall outside.</summary>
    private const double Bound = 6 * HyperLogLog.StandardError;

    [Fact]
    public void Few_values_are_counted_exactly() => Gen.Int[0, 700].Array[0, DistinctCounter.ExactUpTo].Sample(static values =>
    {
        var counter = Count(values.Select(static value => (value, 0L)));

        Assert.True(counter.IsExact);
        Assert.Equal(values.Distinct().Count(), counter.Count);
    });

    [Fact]
    public void Many_values_are_estimated_within_the_stated_error() => Gen.Select(Gen.Int[DistinctCounter.ExactUpTo + 1, 60_000], Gen.UInt, Gen.Int[1, 3]).Sample(static (size, salt, repeats) =>
    {
        var counter = Count(Enumerable.Range(0, size).SelectMany(value => Enumerable.Repeat((value, (long)salt), repeats)));

        Assert.False(counter.IsExact);
        Assert.InRange(counter.Count, size * (1 - Bound), size * (1 + Bound));
    }, iter: 100);

    [Fact]
    public void Estimates_have_the_stated_error_on_the_whole_and_lean_to_no_side()
    {
        foreach (var size in (int[])[2_000, 10_000, 20_000, 100_000])
        {
            var errors = Enumerable.Range(0, 60).Select(salt => (Count(Enumerable.Range(0, size).Select(value => (value, (long)salt))).Count / (double)size) - 1).ToList();

            Assert.InRange(errors.Average(), -0.01, 0.01);
            Assert.InRange(Math.Sqrt(errors.Average(static error => error * error)), 0, 1.5 * HyperLogLog.StandardError);
        }
    }

    private static DistinctCounter Count(IEnumerable<(int Value, long Salt)> values)
    {
        var counter = new DistinctCounter();
        Span<byte> text = stackalloc byte[40];
        foreach (var (value, salt) in values)
        {
            Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{salt}-{value}", out var length);
            counter.Add(text[..length]);
        }
        return counter;
    }
}
