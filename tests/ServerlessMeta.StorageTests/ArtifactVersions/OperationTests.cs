using System.Collections.Immutable;
using Azure;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.ArtifactVersions;

/// <summary>What calls cost, and what they leave when storage fails in the middle of them.</summary>
public sealed class OperationTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registering_costs_two_operations_for_a_new_version_and_two_for_a_known_one()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        Assert.Equal(2, await Instance.CountAsync(() => store.RegisterAsync(Contents.Content(1, sha256: true))));
        Assert.Equal(2, await Instance.CountAsync(() => other.RegisterAsync(Contents.Content(2, sha256: true, opaque: "o"))));
        Assert.Equal(2, await Instance.CountAsync(() => other.RegisterAsync(Contents.Content(1, sha256: true))));
        Assert.Equal(3, await Instance.CountAsync(() => other.RegisterAsync(Contents.Content(1, location: "s3://elsewhere"))));
        var run = await store.CreateRunAsync();
        Assert.Equal(3, await Instance.CountAsync(() => store.RegisterAsync(Contents.Content(3) with { ProducedBy = run })));
        Assert.Equal(3, await Instance.CountAsync(() => store.RegisterAsync(Contents.Content(3) with { ProducedBy = run })));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_registration_is_whole_or_absent_whichever_request_fails_and_can_be_repeated(bool afterEffect, int retries)
    {
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var run = await store.CreateRunAsync();
            await store.RegisterAsync(Contents.Content(1));
            Registration[] calls = [Contents.Content(2, sha256: true) with { ProducedBy = run }, Contents.Content(1, sha256: true, location: "s3://second")];
            foreach (var call in calls)
            {
                faults.Arm(n);
                var answered = await TryAsync(() => faulty.Versions.RegisterAsync(call, Ct));
                var seen = (await store.VersionsAsync()).SingleOrDefault(version => version.Digests.Md5 == call.Digests.Md5);
                Assert.True(!answered || (seen?.Digests.Sha256 == call.Digests.Sha256 && seen?.Locations.Contains(call.Location!, StringComparer.Ordinal) is true));

                faults.Arm(int.MaxValue);
                var repeated = await faulty.RegisterAsync(call);
                Assert.Equal(call.Digests.Sha256, repeated.Version.Digests.Sha256);
            }

            Assert.Equal([2L, 1L], (await store.VersionsAsync()).Select(static version => version.Number));
            Assert.Equal(2, (await store.VersionsAsync())[1].Revision);
            Assert.Equal([(run, UseDirection.Made)], (await store.UsesAsync("data", 2)).Select(static use => (use.Run, use.Direction)));
        }
    }

    [Fact]
    public async Task A_writer_that_did_not_hear_that_it_made_a_version_knows_it_as_its_own()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var n = 1; n <= 2; n++)
        {
            var faults = new FaultPolicy(afterEffect: true, retries: 0);
            await using var deaf = await store.AnotherAsync(faults);

            faults.Arm(n);
            var registered = await deaf.RegisterAsync(Contents.Content(n));

            Assert.True(faults.Struck);
            Assert.Equal((n, true), (registered.Version.Number, registered.IsNew));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logged_inputs_that_were_answered_have_their_version_and_use_whichever_request_fails(bool afterEffect)
    {
        for (var n = 1; n <= 7; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var run = await store.CreateRunAsync();
            ImmutableArray<DatasetInput> inputs = [new("train", Contents.Md5(1), "s3", "s3://b/train", null, null, [new Tag("context", "training")])];

            faults.Arm(n);
            var answered = await TryAsync(() => faulty.Lineage.LogInputsAsync(run, inputs, [], Ct));
            if (answered)
            {
                Assert.Equal([new VersionUse("train", 1, run, UseDirection.Used, "training")], await store.UsesAsync("train", 1));
            }
            faults.Arm(int.MaxValue);
            Assert.True((await faulty.Lineage.LogInputsAsync(run, inputs, [], Ct)).IsOk);

            Assert.Equal([new VersionUse("train", 1, run, UseDirection.Used, "training")], await store.UsesAsync("train", 1));
            Assert.Single(await store.VersionsAsync("train"));
        }
    }

    private static async Task<bool> TryAsync<T>(Func<Task<Result<T>>> call)
    {
        try
        {
            return (await call()).IsOk;
        }
        catch (Exception outage) when (outage is RequestFailedException or AggregateException)
        {
            return false;
        }
    }
}
