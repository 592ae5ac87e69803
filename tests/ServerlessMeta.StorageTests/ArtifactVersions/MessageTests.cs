using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Messages;

namespace ServerlessMeta.StorageTests.ArtifactVersions;

/// <summary>A message registers a content once.</summary>
public sealed class MessageTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_comes_again_answers_what_it_registered_and_adds_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (first, _) = await store.ApplyAsync("1", Registering("d1", "s3://a"));
        // It said nothing new then; said later it would add a location.
        Assert.False((await store.DeliverAsync("2", Registering("d1", null))).IsKnown);

        var (again, receipt) = await store.ApplyAsync("1", Registering("d1", "s3://a"));
        Assert.True(receipt.IsKnown);
        Assert.Equal(first.Value.Version.Number, again.Value.Version.Number);
        Assert.True((await store.DeliverAsync("2", Registering("d1", "s3://b"))).IsKnown);
        Assert.Equal("s3://a", Assert.Single((await store.VersionReader.FindVersionAsync("artifact", VersionReference.Latest, Ct)).Value.Locations));
    }

    [Fact]
    public async Task A_refused_message_leaves_no_receipt()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.DeliverAsync("1", Registering("d1", "s3://a"));

        var (answer, receipt) = await store.ApplyAsync("2", one => one.Versions.RegisterAsync(new Registration("artifact", ArtifactType.Model, new ArtifactDigests(null, null, "d2"), null), Ct));

        Assert.IsType<Failure.Clash>(answer.Failure);
        Assert.False(receipt.IsKnown);
        Assert.Single(await Messaging.ReceiptsAsync(store.Storage.ArtifactVersions));
    }

    [Fact]
    public async Task Instances_that_get_the_same_messages_at_once_make_as_many_versions_as_there_are_messages()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await store.AnotherAsync();

        var receipts = await Task.WhenAll(new[] { store, two }.SelectMany(static instance => Enumerable.Range(0, 8).Select(i => instance.DeliverAsync($"{i}", Registering($"d{i}", "s3://a")))));

        Assert.Equal(8, receipts.Count(static receipt => receipt.IsKnown));
        Assert.Equal(8, (await store.VersionReader.FindAsync("artifact", Ct)).Value.Latest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_request_fails_a_message_registers_once(bool afterEffect)
    {
        for (var n = 1; n <= 4; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);

            faults.Arm(n);
            await store.DeliverAsync("1", Registering("d1", "s3://a"));
            faults.Arm(int.MaxValue);

            Assert.True((await store.DeliverAsync("1", Registering("d1", "s3://a"))).IsKnown);
            Assert.Equal(1, (await store.VersionReader.FindAsync("artifact", Ct)).Value.Latest);
        }
    }

    private static Func<Instance, Task<Result<Registered>>> Registering(string digest, string? location) => store =>
        store.Versions.RegisterAsync(new Registration("artifact", ArtifactType.Dataset, new ArtifactDigests(null, null, digest), location), Ct);
}
