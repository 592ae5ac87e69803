using System.Globalization;
using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.Runs;

public sealed class RunIdTests
{
    private static readonly Gen<(ExperimentId Experiment, int Bits, DateTimeOffset At)> Parts = Gen.Select(
        Gen.Long[0, ExperimentId.Highest].Select(static number => new ExperimentId(number)), Gen.Int[0, 8],
        Gen.Long[1, (1L << 43) - 1].Select(DateTimeOffset.FromUnixTimeMilliseconds));

    [Fact]
    public void An_id_is_32_hex_digits_and_reads_back() => Parts.Sample(static parts =>
    {
        var id = RunId.New(parts.Experiment, parts.Bits, parts.At);
        Assert.Matches("^[0-9a-f]{32}$", id.ToString());
        Assert.Equal(id, RunId.Parse(id.ToString(), CultureInfo.InvariantCulture));
    });

    [Fact]
    public void Experiment_and_partition_follow_from_the_id_alone() => Parts.Sample(static parts =>
    {
        var id = RunId.New(parts.Experiment, parts.Bits, parts.At);
        Assert.Equal(parts.Experiment, id.Experiment);
        Assert.InRange(id.Partition, 0, (1 << parts.Bits) - 1);
        Assert.Equal(RunKeys.Partition(parts.Experiment, id.Partition), RunKeys.Partition(id));
    });

    [Fact]
    public void Ids_sort_by_time_within_an_experiment_as_values_and_as_text() => Gen.Select(Parts, Gen.Int[1, 1_000_000]).Sample(static (parts, later) =>
    {
        var first = RunId.New(parts.Experiment, parts.Bits, parts.At);
        var second = RunId.New(parts.Experiment, parts.Bits, parts.At.AddMilliseconds(later));
        Assert.True(first.CompareTo(second) < 0);
        Assert.True(string.CompareOrdinal(first.ToString(), second.ToString()) < 0);
    });

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public void Other_shapes_are_no_run_ids(string text) => Assert.False(RunId.TryParse(text, CultureInfo.InvariantCulture, out _));

    [Fact]
    public void A_default_id_never_becomes_text() => Assert.Throws<InvalidOperationException>(static () => default(RunId).ToString());

    [Fact]
    public void Row_keys_sort_so_that_ranges_hold_what_they_say() => Parts.Sample(static parts =>
    {
        var id = RunId.New(parts.Experiment, parts.Bits, parts.At);
        Assert.InRange(RunKeys.Run(id), RunKeys.Runs.From, RunKeys.Runs.Below);
        Assert.True(string.CompareOrdinal(RunKeys.Run(id), RunKeys.AllBeside(id).From) < 0);
        Assert.True(string.CompareOrdinal(RunKeys.Beside(id, 'p', 999), RunKeys.AllBeside(id).Below) < 0);
        Assert.True(string.CompareOrdinal(RunKeys.HotRun(id), RunKeys.ColdCounter) < 0);
        Assert.Equal(id, RunKeys.RunOf(RunKeys.HotRun(id)));
        Assert.Equal(id, RunKeys.RunOf(RunKeys.Beside(id, 'm', 1)));
        Assert.InRange(RunKeys.Segment(id, 3, 9), RunKeys.Segments(id, 3).From, RunKeys.Segments(id, 3).Below);
    });
}
