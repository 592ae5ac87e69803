using System.Globalization;
using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.LoggedModels;

public sealed class LoggedModelIdTests
{
    private static readonly Gen<(ExperimentId Experiment, int Bits, DateTimeOffset At)> Parts = Gen.Select(
        Gen.Long[0, ExperimentId.Highest].Select(static number => new ExperimentId(number)), Gen.Int[0, 8],
        Gen.Long[1, (1L << 43) - 1].Select(DateTimeOffset.FromUnixTimeMilliseconds));

    [Fact]
    public void An_id_is_an_m_and_32_hex_digits_and_reads_back() => Parts.Sample(static parts =>
    {
        var id = LoggedModelId.New(parts.Experiment, parts.Bits, parts.At);
        Assert.Matches("^m-[0-9a-f]{32}$", id.ToString());
        Assert.Equal(id, LoggedModelId.Parse(id.ToString(), CultureInfo.InvariantCulture));
        Assert.Equal(id, LoggedModelKeys.ModelOf(LoggedModelKeys.Model(id)));
    });

    [Fact]
    public void Experiment_and_partition_follow_from_the_id_alone() => Parts.Sample(static parts =>
    {
        var id = LoggedModelId.New(parts.Experiment, parts.Bits, parts.At);
        Assert.Equal(parts.Experiment, id.Experiment);
        Assert.InRange(id.Partition, 0, (1 << parts.Bits) - 1);
        Assert.Equal(LoggedModelKeys.Partition(parts.Experiment, id.Partition), LoggedModelKeys.Partition(id));
    });

    [Fact]
    public void Ids_sort_by_time_within_an_experiment_as_values_and_as_text() => Gen.Select(Parts, Gen.Int[1, 1_000_000]).Sample(static (parts, later) =>
    {
        var first = LoggedModelId.New(parts.Experiment, parts.Bits, parts.At);
        var second = LoggedModelId.New(parts.Experiment, parts.Bits, parts.At.AddMilliseconds(later));
        Assert.True(first.CompareTo(second) < 0);
        Assert.True(string.CompareOrdinal(first.ToString(), second.ToString()) < 0);
    });

    [Fact]
    public void A_key_names_one_model_and_no_run()
    {
        var experiment = new ExperimentId(7);

        Assert.Equal(LoggedModelId.Of(experiment, 2, "key"), LoggedModelId.Of(experiment, 2, "key"));
        Assert.NotEqual(LoggedModelId.Of(experiment, 2, "key"), LoggedModelId.Of(experiment, 2, "other"));
        Assert.NotEqual($"m-{RunId.Of(experiment, 2, "key")}", LoggedModelId.Of(experiment, 2, "key").ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("m-")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("m0123456789abcdef0123456789abcdef")]
    [InlineData("M-0123456789abcdef0123456789abcdef")]
    [InlineData("m-0123456789ABCDEF0123456789abcdef")]
    [InlineData("m-0123456789abcdef0123456789abcde")]
    [InlineData("m-0123456789abcdef0123456789abcdef0")]
    [InlineData("m-0123456789abcdef0123456789abcde/")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(LoggedModelId.TryParse(text, CultureInfo.InvariantCulture, out _));
}
