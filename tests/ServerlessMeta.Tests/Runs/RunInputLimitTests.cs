using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.Runs;

/// <summary>What a run takes as inputs, to the byte, and that the most of it keeps Azure's limits.</summary>
public sealed class RunInputLimitTests
{
    private const int Call = 2 * 1024 * 1024;
    private static readonly RunId Id = RunId.New(new ExperimentId(5), 0, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
    private int made;

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "The name, digest and tags of a dataset take up to 61440 bytes.")]
    public void A_pair_has_a_size(int beyond, string? detail)
    {
        var state = Fresh();

        Assert.Equal(detail, state.AddInputs([Pair(PackedTable.HighestBytes + beyond)])?.Detail);
        Assert.Equal(detail is null, state.Inputs.Count == 1);
        Assert.True(new RunWrite(state, "w", DateTimeOffset.UnixEpoch, isNew: true).Fits);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "A call takes up to 2097152 bytes of inputs or outputs; send the rest in another.")]
    public void A_call_has_a_size(int beyond, string? detail)
    {
        var state = Fresh();

        Assert.Equal(detail, state.AddInputs(Pairs(Call, beyond))?.Detail);
        Assert.Equal(detail is null ? Call : 0, state.Inputs.Bytes);
        Assert.True(new RunWrite(state, "w", DateTimeOffset.UnixEpoch, isNew: true).Fits);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "A run takes up to 8388608 bytes of inputs and outputs.")]
    public void A_run_has_a_size(int beyond, string? detail)
    {
        var state = Fresh();
        for (var call = 0; call < 3; call++)
        {
            Assert.Null(state.AddInputs(Pairs(Call, 0)));
        }
        Assert.Null(state.AddInputs(Pairs(Call / 2, 0)));

        Assert.Equal(detail, state.AddInputs(Pairs(Call / 2, beyond))?.Detail);
        Assert.Equal(detail is null ? 4 * Call : (4 * Call) - (Call / 2), state.Inputs.Bytes);
    }

    [Fact]
    public void Too_much_at_once_is_known_before_it_is_sent()
    {
        var state = Fresh();
        Assert.Null(state.AddInputs(Pairs(Call, 0)) ?? state.AddInputs(Pairs(Call, 0)));

        Assert.False(new RunWrite(state, "w", DateTimeOffset.UnixEpoch, isNew: true).Fits);
        Assert.True(TableLimits.Fit([Row(60 * 1024)]));
        Assert.False(TableLimits.Fit([Row((64 * 1024) + 1)]));
        Assert.True(TableLimits.Fit([.. Enumerable.Repeat(Row(10), TableLimits.TransactionRows)]));
        Assert.False(TableLimits.Fit([.. Enumerable.Repeat(Row(10), TableLimits.TransactionRows + 1)]));
        Assert.False(TableLimits.Fit([.. Enumerable.Repeat(Row(60 * 1024), 55)]));
    }

    private static TableEntity Row(int bytes) => new("p", "r") { ["x"] = new byte[bytes] };

    private static RunState Fresh()
    {
        var (experiment, at) = (new ExperimentId(5), DateTimeOffset.UnixEpoch);
        return new(new NewRun(experiment, "n", "u", at, []), Id, new Experiment { Id = experiment, Name = "e", Stage = LifecycleStage.Active, Epoch = 0, PartitionBits = 0, CreatedAt = at, UpdatedAt = at }, null, Caller.Store, isWatched: true);
    }

    private Tag[] Pairs(int total, int beyond)
    {
        var pairs = Enumerable.Range(0, total / 32_768).Select(_ => Pair(32_768)).ToArray();
        pairs[0] = Pair(32_768 + beyond);
        return pairs;
    }

    // Key of 5 bytes, lengths of 1 and 3.
    private Tag Pair(int bytes) => new((made++).ToString("d5", CultureInfo.InvariantCulture), new string('x', bytes - 9));
}
