using CsCheck;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

public sealed class RunRankingTests
{
    private static readonly RunWords Words = new(static status => status.ToString(), static run => $"{run.Id}", "context");

    private static readonly Gen<RunRecord[]> Runs = Gen.Select(Gen.ULong, Gen.Int[0, 3], Gen.OneOf("a", "b", "c").Null()).Array[0, 40].Select(static runs =>
        runs.Select(static (run, i) => Record(RunId.Make(default, 0, DateTimeOffset.UnixEpoch.AddMilliseconds(1 + run.Item2), (run.Item1 & ~0xFFUL) + (ulong)i), run.Item2, run.Item3)).ToArray());

    [Theory]
    [InlineData(null)]
    [InlineData("tags.k")]
    [InlineData("tags.k DESC")]
    [InlineData("start_time ASC")]
    [InlineData("run_id DESC")]
    public void Pages_of_any_size_are_the_whole_once_and_in_order(string? order) => Gen.Select(Runs, Gen.Int[1, 12]).Sample((runs, size) =>
    {
        var query = RecordQuery.Parse(null, order is null ? [] : [order], SearchSchemas.Runs).Value;
        RunFieldReader[] readers = [.. query.Fields.Select(static field => new RunFieldReader(field, Words))];
        var paged = new List<RunRecord>();
        RunHit? after = null;
        RunRanking ranking;
        do
        {
            ranking = new RunRanking(query, size, after);
            Array.ForEach(runs, run => ranking.Offer(new RunHit(run, readers)));
            var page = ranking.Take();
            Assert.True(page.Count == size || !ranking.Overflowed);
            paged.AddRange(page.Select(static hit => hit.Run));
            after = page.Count > 0 ? page[^1] : after;
        }
        while (ranking.Overflowed);

        Assert.Equal(Naive(runs, order), paged);
    });

    [Fact]
    public void Ties_are_broken_by_the_latest_start_then_the_id() => Runs.Sample(static runs =>
    {
        var query = RecordQuery.Parse(null, [], SearchSchemas.Runs).Value;
        var ranking = new RunRanking(query, runs.Length, null);
        Array.ForEach(runs, run => ranking.Offer(new RunHit(run, [])));

        Assert.Equal(Naive(runs, null), ranking.Take().Select(static hit => hit.Run));
        Assert.False(ranking.Overflowed);
    });

    [Fact]
    public void Nothing_is_kept_when_nothing_is_asked_for()
    {
        var ranking = new RunRanking(RecordQuery.Parse(null, [], SearchSchemas.Runs).Value, 0, null);

        ranking.Offer(new RunHit(Record(RunId.New(default, 0, DateTimeOffset.UnixEpoch), 0, null), []));

        Assert.Empty(ranking.Take());
        Assert.True(ranking.Overflowed);
    }

    private static IEnumerable<RunRecord> Naive(RunRecord[] runs, string? order)
    {
        var key = "k"u8.ToArray();
        var first = order switch
        {
            "tags.k" => runs.OrderBy(run => run.Tag(key) ?? "~", StringComparer.Ordinal),
            "tags.k DESC" => runs.OrderBy(run => run.Tag(key) is null).ThenByDescending(run => run.Tag(key), StringComparer.Ordinal),
            "start_time ASC" => runs.OrderBy(static run => run.StartedAt),
            "run_id DESC" => runs.OrderByDescending(static run => run.Id),
            _ => runs.OrderBy(static _ => 0),
        };
        return first.ThenByDescending(static run => run.StartedAt).ThenBy(static run => run.Id);
    }

    private static RunRecord Record(RunId id, int start, string? tag) => new()
    {
        Id = id,
        Revision = 1,
        Name = "run",
        UserId = "",
        Status = RunStatus.Running,
        StartedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(start),
        EndedAt = null,
        Stage = LifecycleStage.Active,
        Epoch = 0,
        ArtifactRoot = null,
        Params = [],
        Tags = tag is null ? [] : [PackedFields.Encode([new Tag("k", tag)])],
        Latest = [],
        Inputs = [],
    };
}
