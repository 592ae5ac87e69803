using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Search;

namespace ServerlessMeta.StorageTests.Environments;

/// <summary>Environments as storage has them: what they cost, who else writes, what a fault leaves.</summary>
public sealed class EnvironmentTests(AzuriteFixture azurite)
{
    private static readonly Launch Started = new() { EntryPoint = "python train.py", Arguments = ["--lr", "0.1"], Seed = 20 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_description_comes_back_as_it_was_given()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        var content = Requirements("torch==2.3.1", "numpy>=1") with { Docker = new DockerImage("x:1", null, null), Languages = [new Tag("python", "3.11.4")], Packages = [new Tag("numpy", "1.26.4")] };

        Assert.True((await store.Environments.DescribeAsync(run, content, Started, Ct)).IsOk);

        var seen = await ReadAsync(other, run);
        Assert.Equal([("requirements.txt", false)], seen.Files.Select(static file => (file.File.Path, file.IsTaken)));
        Assert.Equal(["numpy 1.26.4 packages", "torch 2.3.1 requirements.txt"], seen.Summary.Packages.Select(static package => $"{package.Name} {package.Version} {package.Source}"));
        Assert.Equal(Started.Arguments, seen.Launch.Arguments);
        Assert.Equal((20, "python train.py", "x:1"), (seen.Launch.Seed, seen.Launch.EntryPoint, seen.Docker!.Image));
    }

    [Fact]
    public async Task Runs_in_one_environment_share_it_and_cost_less()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var runs = await store.CreateRunsAsync(default, 3);

        // The run, the content, the row, the launch, the run again.
        Assert.Equal(5, await Instance.CountAsync(() => store.Environments.DescribeAsync(runs[0], Requirements("torch==2.3.1"), Started, Ct)));
        Assert.Equal(3, await Instance.CountAsync(() => store.Environments.DescribeAsync(runs[1], Requirements("torch==2.3.1"), Started with { Seed = 21 }, Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => store.Environments.DescribeAsync(runs[2], Requirements("torch==2.3.1"), Launch.None, Ct)));

        var seen = await Task.WhenAll(runs.Select(run => store.Runs.FindAsync(run, Ct)));
        Assert.Single(seen.Select(static run => run!.EnvironmentDigest).Distinct());
        Assert.Equal(3, seen.Select(static run => run!.LaunchDigest).Distinct().Count());
        Assert.Equal(1, await store.Storage.Environments.QueryAsync<TableEntity>(cancellationToken: Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task A_new_description_replaces_the_old_one_and_keeps_what_was_taken()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Environments.DescribeAsync(run, Requirements("torch==1.0"), Started, Ct);
        await store.Environments.TakeAsync(run, [new EnvironmentFile("model/requirements.txt", "scipy==1.11.4\ntorch==1.1")], Ct);

        await store.Environments.DescribeAsync(run, Requirements("torch==2.0"), Launch.None, Ct);

        var seen = await ReadAsync(store, run);
        Assert.Equal(["scipy 1.11.4", "torch 1.1"], seen.Summary.Packages.Select(static package => $"{package.Name} {package.Version}"));
        Assert.Null(seen.Run.LaunchDigest);

        await store.Environments.DescribeAsync(run, EnvironmentContent.None, Launch.None, Ct);
        Assert.Equal(["model/requirements.txt"], (await ReadAsync(store, run)).Files.Select(static file => file.File.Path));
    }

    [Fact]
    public async Task Files_taken_at_each_step_stay_one()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var step = 0; step < 3; step++)
        {
            var model = $"python_version: 3.11\nmodel_uuid: {step}\nflavors: {{sklearn: {{sklearn_version: 1.3.2}}}}";
            await store.Environments.TakeAsync(run, [new EnvironmentFile($"step{step}/MLmodel", model), new EnvironmentFile($"step{step}/requirements.txt", "torch==2.3.1"), new EnvironmentFile($"step{step}/model.pkl", "x")], Ct);
        }
        await store.Environments.TakeAsync(run, [new EnvironmentFile("../requirements.txt", "a==1"), new EnvironmentFile("big/requirements.txt", new string('#', 1_100_000)), new EnvironmentFile("C:/conda.yaml", "x")], Ct);

        await store.Environments.TakeAsync(run, [new EnvironmentFile("files/conda.yaml", "dependencies: [numpy=1.0.0]")], Ct);

        Assert.Equal(["step0/MLmodel", "step0/requirements.txt", "uploaded/files/conda.yaml"], (await ReadAsync(store, run)).Files.Select(static file => file.File.Path));
        Assert.Equal(1, await Instance.CountAsync(() => store.Environments.TakeAsync(run, [new EnvironmentFile("notes.txt", "x")], Ct)));
    }

    [Fact]
    public async Task Two_instances_that_take_files_at_once_lose_none()
    {
        await using var one = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await one.AnotherAsync();
        var run = await one.CreateRunAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : two).Environments.TakeAsync(run, [new EnvironmentFile(string.Create(CultureInfo.InvariantCulture, $"m{i}/requirements.txt"), string.Create(CultureInfo.InvariantCulture, $"p{i}==1"))], Ct)));

        Assert.All(taken, static result => Assert.True(result.IsOk, result.Failure?.Detail));
        Assert.Equal(8, (await ReadAsync(one, run)).Summary.Packages.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeated_call_ends_the_same_whichever_request_failed(bool afterEffect)
    {
        for (var n = 1; n <= 8; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var run = await store.CreateRunAsync();
            await store.Environments.TakeAsync(run, [new EnvironmentFile("conda.yaml", "dependencies: [python=3.11.4]")], Ct);
            var before = (await store.Runs.FindAsync(run, Ct))!;

            faults.Arm(n);
            var answered = await TryAsync(() => faulty.Environments.DescribeAsync(run, Requirements("torch==2.3.1"), Started, Ct));
            faults.Arm(int.MaxValue);
            // Whole or absent, and what the run names can be read.
            var between = await ReadAsync(store, run);
            Assert.Contains(between.Run.EnvironmentDigest == before.EnvironmentDigest, answered ? [false] : new[] { false, true });
            Assert.Equal(between.Run.EnvironmentDigest == before.EnvironmentDigest, between.Run.LaunchDigest is null);

            Assert.True((await faulty.Environments.DescribeAsync(run, Requirements("torch==2.3.1"), Started, Ct)).IsOk);
            var after = await ReadAsync(store, run);
            Assert.Equal(["conda.yaml", "requirements.txt"], after.Files.Select(static file => file.File.Path));
            Assert.Equal([run], await store.IdsAsync(default, "packages.torch = '2.3.1' AND packages.python = '3.11.4'"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Taking_a_file_again_ends_the_same_whichever_request_failed(bool afterEffect)
    {
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var run = await store.CreateRunAsync();
            EnvironmentFile[] files = [new("model/requirements.txt", "torch==2.3.1")];

            faults.Arm(n);
            var answered = await TryAsync(() => faulty.Environments.TakeAsync(run, files, Ct));
            faults.Arm(int.MaxValue);
            Assert.InRange((await ReadAsync(store, run)).Files.Length, answered ? 1 : 0, 1);

            Assert.True((await faulty.Environments.TakeAsync(run, files, Ct)).IsOk);
            Assert.Equal("torch", Assert.Single((await ReadAsync(store, run)).Summary.Packages).Name);
            Assert.Equal([run], await store.IdsAsync(default, "packages.torch = '2.3.1'"));
        }
    }

    [Fact]
    public async Task Of_two_descriptions_at_once_one_is_kept_whole()
    {
        await using var one = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await one.AnotherAsync();
        for (var repetition = 0; repetition < 5; repetition++)
        {
            var run = await one.CreateRunAsync();

            var described = await Task.WhenAll(
                one.Environments.DescribeAsync(run, Requirements("a==1"), Started with { Seed = 1 }, Ct), two.Environments.DescribeAsync(run, Requirements("a==2"), Started with { Seed = 2 }, Ct));

            Assert.All(described, static result => Assert.True(result.IsOk, result.Failure?.Detail));
            var kept = await ReadAsync(one, run);
            Assert.Equal($"{kept.Launch.Seed}", Assert.Single(kept.Summary.Packages).Version);
        }
    }

    [Fact]
    public async Task Tags_tell_what_the_description_leaves_open()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, new([], [], [new Tag("commit", "abcdef1"), new Tag("remote", "https://x"), new Tag("diff", new string('+', 100)), new Tag("image", "i:1"), new Tag("entry", "train.py")]), Ct);
        var untold = await ReadAsync(store, run);
        Assert.Equal(("abcdef1", "https://x", "i:1", "train.py", true), (untold.Launch.Git.Commit, untold.Launch.Git.Remote, untold.Docker!.Image, untold.Launch.EntryPoint, untold.DiffMayBeCut));
        Assert.False(untold.IsEmpty);

        await store.Environments.DescribeAsync(run, EnvironmentContent.None, Started with { Git = GitState.None with { Commit = "1234567", Diff = "d" } }, Ct);

        var told = await ReadAsync(store, run);
        Assert.Equal(("1234567", "https://x", "python train.py", false), (told.Launch.Git.Commit, told.Launch.Git.Remote, told.Launch.EntryPoint, told.DiffMayBeCut));
        Assert.NotEqual(untold.ETag, told.ETag);
    }

    [Fact]
    public async Task A_deleted_run_takes_none_and_an_absent_one_is_not_found()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.DeleteAsync(run, Ct);

        Assert.IsType<Failure.WrongStage>((await store.Environments.DescribeAsync(run, Requirements("a==1"), Started, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.Environments.TakeAsync(RunId.New(default, 0, DateTimeOffset.UnixEpoch), [new EnvironmentFile("requirements.txt", "a==1")], Ct)).Failure);
        Assert.Equal(0, await store.Storage.Environments.QueryAsync<TableEntity>(cancellationToken: Ct).CountAsync(Ct) - 1);
    }

    [Fact]
    public async Task Changed_content_is_named_corrupt()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var noted = (await store.Environments.DescribeAsync(run, Requirements("a==1"), Launch.None, Ct)).Value;

        await store.Storage.EnvironmentFiles.GetBlobClient($"{noted.Digest}.json").UploadAsync(BinaryData.FromString("{}"), overwrite: true, Ct);

        Assert.IsType<Failure.Corrupt>((await store.Environments.ReadAsync((await store.Runs.FindAsync(run, Ct))!, Ct)).Failure);
    }

    [Fact]
    public async Task Runs_that_differ_in_the_model_they_made_share_their_environment()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var runs = await store.CreateRunsAsync(default, 2);
        foreach (var run in runs)
        {
            var model = $"flavors:\n  python_function: {{python_version: 3.11.4}}\n  sklearn: {{sklearn_version: 1.3.2}}\nrun_id: {run}\nmodel_uuid: {run}-m\nutc_time_created: '2024-01-02 03:04:{run.ToString()[^2..]}'\n";
            await store.Environments.TakeAsync(run, [new EnvironmentFile("model/MLmodel", model), new EnvironmentFile("model/requirements.txt", "scikit-learn==1.3.2")], Ct);
            await store.Environments.TakeAsync(run, [new EnvironmentFile("other/MLmodel", $"run_id: {run}")], Ct);
        }

        var seen = await Task.WhenAll(runs.Select(run => ReadAsync(store, run)));

        Assert.Single(seen.Select(static environment => environment.Run.EnvironmentDigest).Distinct());
        Assert.Equal(["flavors:\n  python_function:\n    python_version: '3.11.4'\n  sklearn:\n    sklearn_version: '1.3.2'\n", "scikit-learn==1.3.2"], seen[0].Files.Select(static file => file.File.Content));
        Assert.Equal("3.11.4", Assert.Single(seen[0].Summary.Languages).Value);
    }

    [Fact]
    public async Task Files_that_come_at_once_make_no_environment_each()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        EnvironmentFile[] files = [new("m/MLmodel", "flavors: {sklearn: {sklearn_version: 1.3.2}}"), new("m/conda.yaml", "dependencies: [python=3.11.4]"), new("m/python_env.yaml", "python: 3.11.4"), new("m/requirements.txt", "torch==2.3.1")];

        var taken = await Task.WhenAll(files.Select(file => store.Environments.TakeAsync(run, [file], Ct)));

        Assert.All(taken, static result => Assert.True(result.IsOk, result.Failure?.Detail));
        Assert.Equal(4, (await ReadAsync(store, run)).Files.Length);
        Assert.Equal(2, await store.Storage.Environments.QueryAsync<TableEntity>(cancellationToken: Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task Who_gives_up_takes_only_their_own_files_along()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        using var gaveUp = new CancellationTokenSource();
        var first = store.Environments.TakeAsync(run, [new EnvironmentFile("a/requirements.txt", "a==1")], Ct);
        var second = store.Environments.TakeAsync(run, [new EnvironmentFile("b/requirements.txt", "b==1")], gaveUp.Token);
        var third = store.Environments.TakeAsync(run, [new EnvironmentFile("c/requirements.txt", "c==1")], Ct);

        await gaveUp.CancelAsync();

        Assert.True((await first).IsOk);
        Assert.True((await third).IsOk);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Subset(new[] { "a", "b", "c" }.ToHashSet(), (await ReadAsync(store, run)).Summary.Packages.Select(static package => package.Name).ToHashSet());
        Assert.Contains("c", (await ReadAsync(store, run)).Summary.Packages.Select(static package => package.Name));
        Assert.True((await store.Environments.TakeAsync(run, [new EnvironmentFile("d/requirements.txt", "d==1")], Ct)).IsOk);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Describing_again_repairs_an_environment_whose_content_is_gone_or_damaged(bool isGone)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var searcher = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 2);
        // More packages than a row has room for.
        var content = EnvironmentContent.None with { Packages = [new Tag("torch", "2.3.1"), .. Enumerable.Range(0, 6000).Select(static n => new Tag(string.Create(CultureInfo.InvariantCulture, $"z{new string('a', 190)}{n:D5}"), "1.0.0"))] };
        var noted = (await store.Environments.DescribeAsync(runs[0], content, Launch.None, Ct)).Value;
        var blob = store.Storage.EnvironmentFiles.GetBlobClient($"{noted.Digest}.json");
        await (isGone ? blob.DeleteAsync(cancellationToken: Ct) : (Task)blob.UploadAsync(BinaryData.FromString("{}"), overwrite: true, Ct));

        await Assert.ThrowsAsync<InvalidDataException>(() => searcher.IdsAsync(default, "packages.torch = '2.3.1'"));
        await Assert.ThrowsAsync<InvalidDataException>(() => searcher.IdsAsync(default, "packages.torch IS NULL"));
        Assert.IsType<Failure.Corrupt>((await searcher.Environments.TakeAsync(runs[0], [new EnvironmentFile("requirements.txt", "a==1")], Ct)).Failure);

        Assert.Equal(noted.Digest, (await searcher.Environments.DescribeAsync(runs[0], content, Launch.None, Ct)).Value.Digest);

        Assert.Equal([runs[0]], await searcher.IdsAsync(default, "packages.torch = '2.3.1'"));
        Assert.Equal(6001, (await ReadAsync(store, runs[0])).Summary.Packages.Length);
    }

    [Fact]
    public async Task Secrets_in_remotes_are_neither_stored_nor_shown()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var runs = await store.CreateRunsAsync(default, 2);
        await store.Runs.LogAsync(runs[0], new([], [], [new Tag("remote", "https://user:token@example.org/x"), new Tag("entry", "https://user:token@example.org/x#a"), new Tag("image", "-v/:/host")]), Ct);
        var noted = (await store.Environments.DescribeAsync(runs[1], EnvironmentContent.None, Started with { Git = GitState.None with { Remote = "https://user:token@example.org/x" } }, Ct)).Value;

        var tagged = await ReadAsync(store, runs[0]);
        Assert.Equal(("https://example.org/x", "https://example.org/x#a"), (tagged.Launch.Git.Remote, tagged.Launch.EntryPoint));
        Assert.Null(tagged.Docker);
        var stored = (await store.Storage.EnvironmentFiles.GetBlobClient($"{noted.LaunchDigest}.json").DownloadContentAsync(Ct)).Value.Content.ToString();
        Assert.DoesNotContain("token", stored, StringComparison.Ordinal);
        Assert.Contains("https://example.org/x", stored, StringComparison.Ordinal);
    }

    internal static EnvironmentContent Requirements(params string[] lines) => new() { Files = [new EnvironmentFile("requirements.txt", string.Join('\n', lines))] };

    private static async Task<RunEnvironment> ReadAsync(Instance store, RunId run) => (await store.Environments.ReadAsync((await store.Runs.FindAsync(run, Ct))!, Ct)).Value;

    private static async Task<bool> TryAsync<T>(Func<Task<Result<T>>> call)
    {
        try
        {
            return (await call()).IsOk;
        }
        catch (Exception cut) when (cut is RequestFailedException or AggregateException)
        {
            return false;
        }
    }
}
