using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Models;
using static ServerlessMeta.StorageTests.Models.Registering;
using static ServerlessMeta.StorageTests.Policies.Governing;

namespace ServerlessMeta.StorageTests.Policies;

public sealed class EvaluationStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_evaluation_is_recorded_once_also_by_two_instances_at_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        await store.RegisterByAuthorAsync(2);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? store : other).Evaluations.RecordAsync(Model, 1, Content(0.9), null, Ct)));

        Assert.Single(all, static one => one.Value.IsNew);
        Assert.Single(all.Select(static one => one.Value.Evaluation.Id).Distinct(StringComparer.Ordinal));
        Assert.True(Value(await store.Evaluations.RecordAsync(Model, 2, Content(0.9), null, Ct)).IsNew);
        var model = await store.ModelAsync(Model);
        var found = await store.Evaluations.FindAsync(model, 1, all[0].Value.Evaluation.Id, Ct);
        Assert.Equal(found!.Content.Hash(), Assert.Single(Value(await other.Evaluations.ListAsync(model, 1, new(), 10, null, Ct)).Items).Content.Hash());
        Assert.Null(await store.Evaluations.FindAsync(model, 1, "no id", Ct));
    }

    [Fact]
    public async Task A_key_makes_a_request_repeatable_and_means_one_evaluation()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);

        var first = Value(await store.Evaluations.RecordAsync(Model, 1, Content(0.9), "key", Ct));
        var again = Value(await store.Evaluations.RecordAsync(Model, 1, Content(0.9), "key", Ct));

        Assert.Equal((true, false, first.Evaluation.Id), (first.IsNew, again.IsNew, again.Evaluation.Id));
        Assert.IsType<Failure.Clash>((await store.Evaluations.RecordAsync(Model, 1, Content(0.8), "key", Ct)).Failure);
        Assert.True(Value(await store.Evaluations.RecordAsync(Model, 1, Content(0.9), "other", Ct)).IsNew);
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_the_last_recorded_first_and_as_of_any_moment()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        var recorded = new List<Evaluation>();
        for (var i = 0; i < 12; i++)
        {
            recorded.Insert(0, await store.EvaluateAsync(1, 0.5 + (i / 100.0), i % 3 == 0 ? "aa" : "bb", i % 2 == 0 ? "even" : "odd"));
        }
        var model = await store.ModelAsync(Model);

        foreach (var size in new[] { 1, 5, 11, 12, 100 })
        {
            Assert.Equal(recorded.Select(static one => one.Id), await AllAsync(new EvaluationFilter(), size));
        }
        Assert.Equal(recorded.Where(static one => one.Content.Dataset == "odd").Select(static one => one.Id), await AllAsync(new EvaluationFilter("odd", Metric: "accuracy"), 2));
        Assert.Equal(recorded.Where(static one => one.Content.Digest == "aa").Select(static one => one.Id), await AllAsync(new EvaluationFilter(Digest: "aa"), 2));
        Assert.Empty(await AllAsync(new EvaluationFilter(Slice: "none"), 2));
        Assert.Equal(recorded.Where(one => one.RecordedAt <= recorded[6].RecordedAt).Select(static one => one.Id), await AllAsync(new EvaluationFilter(AsOf: recorded[6].RecordedAt), 3));
        Assert.Equal([recorded[1].Id, recorded[0].Id], (await store.Evaluations.LatestAsync(model, 1, null, Ct)).Select(static one => one.Id));
        Assert.Equal("pageToken", Assert.IsType<Failure.Invalid>((await store.Evaluations.ListAsync(model, 1, new EvaluationFilter("odd"), 2, Value(await store.Evaluations.ListAsync(model, 1, new(), 2, null, Ct)).Next, Ct)).Failure).Field);

        async Task<List<string>> AllAsync(EvaluationFilter filter, int size)
        {
            var (ids, token) = (new List<string>(), (string?)null);
            do
            {
                var page = Value(await store.Evaluations.ListAsync(model, 1, filter, size, token, Ct));
                Assert.InRange(page.Items.Length, 0, size);
                ids.AddRange(page.Items.Select(static one => one.Id));
                token = page.Next;
            }
            while (token is not null);
            return ids;
        }
    }

    [Fact]
    public async Task A_thousand_metrics_of_long_names_fit_and_what_does_not_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        var random = new Random(1);
        EvaluationContent Large(int noise) => Content(0.9) with
        {
            Metrics = [.. Enumerable.Range(0, 1000).Select(i => new EvaluationMetric(FormattableString.Invariant($"{i:d4}") + string.Concat(Enumerable.Range(0, noise).Select(_ => (char)random.Next(0x4e00, 0x9fff))), random.NextDouble(), i + 1, -1, 2))],
        };

        Assert.Equal(1000, Value(await store.Evaluations.RecordAsync(Model, 1, Large(100), null, Ct)).Evaluation.Content.Metrics.Length);
        Assert.Equal("body", Assert.IsType<Failure.Invalid>((await store.Evaluations.RecordAsync(Model, 1, Large(500), null, Ct)).Failure).Field);
        Assert.Equal("run", Assert.IsType<Failure.Invalid>((await store.Evaluations.RecordAsync(Model, 1, Content(0.9) with { Run = RunId.Parse(new string('1', 32), null) }, null, Ct)).Failure).Field);
        Assert.IsType<Failure.NotFound>((await store.Evaluations.RecordAsync(Model, 2, Content(0.9), null, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.Evaluations.RecordAsync("none", 1, Content(0.9), null, Ct)).Failure);
    }
}
