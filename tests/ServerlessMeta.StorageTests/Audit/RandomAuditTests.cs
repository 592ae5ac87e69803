using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class RandomAuditTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public async Task Chains_stay_sound_under_random_changes_by_two_instances_whose_requests_fail(bool afterEffect, int retries)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var fault = new FaultPolicy(afterEffect, retries);
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var failing = await store.AnotherAsync(fault);
        var experiment = (await store.Experiments.CreateAsync(new NewExperiment("e", null, []), Ct)).Value.Id;
        var run = await store.CreateRunAsync(experiment);
        var model = (await store.Models.CreateAsync(new NewLoggedModel(experiment, "m"), Ct)).Value.Id;

        for (var step = 0; step < (retries > 0 ? 20 : 60); step++)
        {
            fault.Arm(random.Next(1, 6));
            await Task.WhenAll(Enumerable.Range(0, 3).Select(n => random.Next(12)).Select(async (what, n) =>
            {
                using var _ = new Caller($"caller {n}", Role.Writer, "local").Act();
                await Task.Yield();
                try
                {
                    await ActAsync(n == 0 ? store : failing, what, experiment, run, model, step);
                }
                catch (Exception outage) when (Outage.IsAmbiguous(outage))
                {
                    // The caller may repeat it, or not.
                }
            }));
        }
        fault.Arm(int.MaxValue);
        await store.Outbox.SweepAsync(Ct);

        await store.AssertSoundAsync();
        var entries = await store.EntriesAsync($"run:{run}");
        Assert.NotEmpty(entries);
        Assert.Equal(Enumerable.Range(1, entries.Length).Reverse(), entries.Select(static entry => (int)entry.N));
    }

    private static Task ActAsync(Instance store, int what, ExperimentId experiment, RunId run, LoggedModelId model, int step)
    {
        var text = step.ToString(CultureInfo.InvariantCulture);
        var path = ArtifactPath.Parse($"{experiment}/{run}/artifacts/f{step % 3}").Value;
        return what switch
        {
            0 => store.Experiments.SetTagAsync(experiment, new Tag("k", text), Ct),
            1 => store.Experiments.RenameAsync(experiment, $"e{text}", Ct),
            2 => store.Runs.LogAsync(run, new RunLog([new MetricPoint("m", step, step, step)], [], []), Ct),
            3 => store.Runs.LogAsync(run, new RunLog([new MetricPoint("m", step, step, step)], [new Tag($"p{text}", "v")], [new Tag("t", text)]), Ct),
            4 => store.Runs.ChangeAsync(run, new RunUpdate(step % 2 == 0 ? RunStatus.Finished : RunStatus.Running, null, $"run {text}"), Ct),
            5 => step % 2 == 0 ? store.Runs.DeleteAsync(run, Ct) : store.Runs.RestoreAsync(run, Ct),
            6 => store.Artifacts.PutAsync(path, BinaryData.FromString(text).ToStream(), new DeclaredContent(), Ct),
            7 => store.Artifacts.DeleteAsync(path, Ct),
            8 => store.Versions.RegisterAsync(new Registration("a", ArtifactType.Dataset, new ArtifactDigests(null, null, $"{step % 9}"), $"s3://{step % 5}"), Ct),
            9 => store.Models.SetTagsAsync(model, [new Tag("t", text)], Ct),
            10 => store.CreateRunAsync(experiment),
            _ => store.Models.LogParamsAsync(model, [new Tag($"p{text}", text)], Ct),
        };
    }
}
