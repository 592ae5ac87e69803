using ServerlessMeta.Access;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.LoggedModels;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class OtherAuditTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_an_artifact_writes_one_entry()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using var _ = new Caller("ann", Role.Writer, "local").Act();
        var run = await store.CreateRunAsync();
        Assert.True((await store.Versions.RegisterAsync(Of("1", "s3://a") with { ProducedBy = run }, Ct)).IsOk);
        Assert.True((await store.Versions.RegisterAsync(Of("1", "s3://a"), Ct)).IsOk);
        Assert.True((await store.Versions.RegisterAsync(Of("2", "s3://b"), Ct)).IsOk);
        Assert.True((await store.Versions.RegisterAsync(Of("1", "s3://c"), Ct)).IsOk);

        var entries = await store.EntriesAsync("artifact:sets/üñ");

        Assert.Equal(["artifact.note", "artifact.version", "artifact.version"], entries.Select(static entry => entry.Action));
        Assert.Equal(["1", "2", "1"], entries.Select(static entry => entry.Details["version"]));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_version_changed_behind_the_back_is_named()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        Assert.True((await store.Versions.RegisterAsync(Of("1", "s3://a"), Ct)).IsOk);
        var partition = ArtifactVersionKeys.Partition("sets/üñ");
        var row = await store.Storage.ArtifactVersions.RowAsync(partition, ArtifactVersionKeys.Version("sets/üñ", 1));
        row["text"] = "false";
        await store.Storage.ArtifactVersions.PutAsync(row);
        row.RowKey = ArtifactVersionKeys.Version("sets/üñ", 2);
        await store.Storage.ArtifactVersions.PutAsync(row);

        var findings = await store.FindingsAsync("artifact:sets/üñ");

        Assert.Equal([("row-changed", ArtifactVersionKeys.Version("sets/üñ", 1)), ("row-inserted", ArtifactVersionKeys.Version("sets/üñ", 2))], findings.Select(static found => (found.Fault, found.Row!)));
        Assert.Equal(findings, (await store.VerifyAllAsync()).Findings);
    }

    [Fact]
    public async Task Each_change_of_a_logged_model_writes_one_entry_and_its_points_none()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        using var _ = new Caller("ann", Role.Writer, "local").Act();
        var model = (await store.Models.CreateAsync(new NewLoggedModel(run.Experiment, "n") { Params = [new Tag("depth", "3")] }, Ct)).Value.Id;
        for (var i = 0; i < 30; i++)
        {
            // Enough tags and points that the row is packed anew.
            Assert.True((await store.Models.SetTagsAsync(model, [new Tag($"t{i % 7}", new string((char)('a' + i), 7000))], Ct)).IsOk);
            for (var n = 0; n < 5; n++)
            {
                Assert.True((await store.LogForAsync(run, model, "acc", i + (n / 10.0), (i * 5) + n)).IsOk);
            }
        }
        Assert.True((await store.Models.SetTagsAsync(model, [new Tag("t1", new string('d', 7000))], Ct)).IsOk);
        Assert.True((await store.Models.DeleteTagAsync(model, "t1", Ct)).IsOk);
        Assert.True((await store.Models.SetStatusAsync(model, LoggedModelStatus.Ready, Ct)).IsOk);
        Assert.True((await store.Models.SetStatusAsync(model, LoggedModelStatus.Ready, Ct)).IsOk);
        Assert.True((await store.Models.LogParamsAsync(model, [new Tag("p", "1")], Ct)).IsOk);
        Assert.True((await store.Models.DeleteAsync(model, Ct)).IsOk);

        var entries = await store.EntriesAsync($"logged-model:{model}");

        Assert.Equal(["logged-model.delete", "logged-model.params", "logged-model.status", "logged-model.untag", "logged-model.tag"], entries.Take(5).Select(static entry => entry.Action));
        Assert.Equal(("logged-model.create", 36), (entries[^1].Action, entries.Length));
        await store.AssertSoundAsync();
    }

    private static Registration Of(string digest, string location) => new("sets/üñ", ArtifactType.Dataset, new ArtifactDigests(null, null, digest), location);
}
