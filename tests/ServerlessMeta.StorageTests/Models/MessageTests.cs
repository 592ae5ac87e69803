using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Messages;
using ServerlessMeta.StorageTests.Policies;

namespace ServerlessMeta.StorageTests.Models;

/// <summary>A message records an evaluation once.</summary>
public sealed class MessageTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_costs_no_operation_more_and_answers_its_evaluation_when_it_comes_again()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Governing.Model, 1);
        var called = await Instance.CountAsync(async () => Assert.True((await Recording(0.8)(store)).IsOk));

        var (first, cost) = (default(Result<(Evaluation Evaluation, bool IsNew)>), 0L);
        cost = await Instance.CountAsync(async () => (first, _) = await store.ApplyAsync("1", Recording(0.9)));
        var (again, receipt) = await store.ApplyAsync("1", Recording(0.9));

        Assert.Equal(called, cost);
        Assert.True(receipt.IsKnown);
        Assert.Equal(first.Value.Evaluation.Id, again.Value.Evaluation.Id);
        Assert.False(again.Value.IsNew);
        // Known by its id, whatever it says.
        Assert.True((await store.DeliverAsync("1", Recording(0.7))).IsKnown);
        Assert.Equal(2, (await store.Evaluations.ListAsync(await store.ModelAsync(Governing.Model), 1, new EvaluationFilter(), 10, null, Ct)).Value.Items.Length);
    }

    [Fact]
    public async Task A_message_that_records_what_is_known_is_noted_and_a_refused_one_is_not()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Governing.Model, 1);
        await Recording(0.9)(store);

        Assert.False((await store.DeliverAsync("same", Recording(0.9))).IsKnown);
        var (answer, receipt) = await store.ApplyAsync("refused", Recording(0.9, version: 7));
        Assert.IsType<Failure.NotFound>(answer.Failure);
        Assert.False(receipt.IsKnown);
        Assert.Single(await Messaging.ReceiptsAsync(store.Storage.Models));

        Assert.True((await store.ModelVersions.DeleteAsync(Governing.Model, 1, Ct)).IsOk);
        Assert.True((await store.DeliverAsync("same", Recording(0.9))).IsKnown);
    }

    [Fact]
    public async Task Instances_that_get_the_same_messages_at_once_record_each_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Governing.Model, 1);
        await using var two = await store.AnotherAsync();

        var receipts = await Task.WhenAll(new[] { store, two }.SelectMany(static instance => Enumerable.Range(0, 6).Select(i => instance.DeliverAsync($"{i}", Recording(i / 10.0)))));

        Assert.Equal(6, receipts.Count(static receipt => receipt.IsKnown));
        Assert.Equal(6, (await store.Evaluations.ListAsync(await store.ModelAsync(Governing.Model), 1, new EvaluationFilter(), 20, null, Ct)).Value.Items.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_request_fails_a_message_records_once(bool afterEffect)
    {
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await store.RegisterAsync(Governing.Model, 1);
            await using var faulty = await store.AnotherAsync(faults);

            faults.Arm(n);
            await faulty.DeliverAsync("1", Recording(0.9));
            faults.Arm(int.MaxValue);

            Assert.True((await faulty.DeliverAsync("1", Recording(0.9))).IsKnown);
            Assert.Single((await store.Evaluations.ListAsync(await store.ModelAsync(Governing.Model), 1, new EvaluationFilter(), 10, null, Ct)).Value.Items);
        }
    }

    private static Func<Instance, Task<Result<(Evaluation Evaluation, bool IsNew)>>> Recording(double accuracy, int version = 1) => store =>
        store.Evaluations.RecordAsync(Governing.Model, version, Governing.Content(accuracy), null, Ct);
}
