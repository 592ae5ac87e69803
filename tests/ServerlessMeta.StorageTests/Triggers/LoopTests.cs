using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.Triggers;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>The whole loop over what the drift timer computes: windows, trigger, retraining, new version, verdict.</summary>
public sealed class LoopTests(AzuriteFixture azurite)
{
    private static readonly WatchOptions Options = new(new AnalysisOptions { Schema = new PredictionSchema(ModelTask.Regression, "id", "at", "said", null, "true", null), MinLabels = 10, MaxLabelLag = TimeSpan.FromDays(1) }, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Errors_grow_a_trigger_fires_once_and_the_new_version_is_found_to_help()
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        var model = await store.RegisterAsync("bike", 1);
        var old = Found(model.Number, 1);
        Value(await store.Watching.SetOptionsAsync(old, Options, null, Ct));
        await PostBaselineAsync(store, old, Rows(0, -30, 300, 1));
        await store.SetRuleAsync("""
            {"target": {"model": "bike"}, "when": {"signal": "performance", "metric": "rmse", "op": ">", "enter": 5, "exit": 3}, "aggregate": {"m": 2, "n": 3, "cooldown": "P1D"}, "mode": "auto"}
            """);

        double[] errors = [1, 1, 10, 10, 10, 10];
        for (var day = 0; day < errors.Length; day++)
        {
            await PostAsync(store, old, day, Rows(day, day, 60, errors[day]));
            time.Advance(TimeSpan.FromDays(1));
            await store.DriftTimer.RunAsync(Ct);
            await store.RuleTimer.RunAsync(Ct);
        }
        var trigger = Assert.Single(await store.TriggersAsync());
        Assert.Equal(Watching.Start.AddDays(4), trigger.At);
        Assert.InRange(Assert.Single(trigger.Cause).Value!.Value, 5, 20);
        var run = Value(await store.DryRun.RunAsync("r1", (await store.Rules.FindAsync("r1", Ct))!.Definition, null, Ct));
        Assert.Equal([(DateTimeOffset?)trigger.At], run.Fires.Select(static fire => (DateTimeOffset?)fire.At));

        await store.AddVersionAsync("bike");
        Value(await store.Triggers.CompleteAsync(trigger.Id, null, 2, true, Ct));
        var fresh = Found(model.Number, 2);
        Value(await store.Watching.SetOptionsAsync(fresh, Options, null, Ct));
        await PostBaselineAsync(store, fresh, Rows(0, -30, 300, 1));
        for (var day = 6; day < 8; day++)
        {
            await PostAsync(store, fresh, day, Rows(day, day, 60, 1));
            time.Advance(TimeSpan.FromDays(1));
            await store.DriftTimer.RunAsync(Ct);
            await store.RuleTimer.RunAsync(Ct);
        }

        var verdict = (await store.Triggers.FindAsync(trigger.Id, Ct))!.Verdict!;
        Assert.Equal(("helped", true, "performance", "rmse"), (verdict.Outcome, verdict.IsFinal, verdict.Basis, verdict.Metric));
        Assert.InRange(verdict.New!.Value, 0, 2);
        Assert.InRange(verdict.Old!.Value, 5, 20);
        var state = (await store.Rules.FindStateAsync("r1", Ct))!;
        Assert.Equal((2, false), (state.Version, state.IsFiring));
        Assert.Single(await store.TriggersAsync());
        await store.AssertAuditedAsync();
    }

    private static FoundTarget Found(long model, int version) => new(MonitorTarget.Of(model, version), $"bike {version}", $"/api/v1/models/bike/versions/{version}");

    private static async Task PostBaselineAsync(Instance store, FoundTarget of, string rows)
    {
        var (posted, faults) = await store.BaselineIntake.PostAsync(of, Request(rows, "").Request, Ct);
        Assert.Empty(faults);
        Assert.True(posted.IsOk, posted.Failure?.Detail);
    }

    private static async Task PostAsync(Instance store, FoundTarget of, int day, string rows)
    {
        var (start, end) = (Watching.Start.AddDays(day), Watching.Start.AddDays(day + 1));
        var (posted, faults) = await store.WindowIntake.PostAsync(of, Request(rows, $"?start={start:yyyy-MM-ddTHH:mm:ssZ}&end={end:yyyy-MM-ddTHH:mm:ssZ}"), Ct);
        Assert.Empty(faults);
        Assert.True(posted.IsOk, posted.Failure?.Detail);
    }

    // Predictions that are off by about so much.
    private static string Rows(int seed, int day, int count, double error)
    {
        var (random, text) = (new Random(seed + 1), new StringBuilder("id,at,x,said,true\n"));
        for (var row = 0; row < count; row++)
        {
            var truth = random.NextDouble() * 100;
            text.Append(CultureInfo.InvariantCulture, $"d{day}r{row},{Watching.Start.AddDays(day).AddMinutes(row):O},{truth},{truth + (error * (random.Next(2) == 0 ? 1 : -1) * (0.5 + random.NextDouble()))},{truth}\n");
        }
        return text.ToString();
    }

    private static DefaultHttpContext Request(string body, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.ContentType = "text/csv";
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }
}
