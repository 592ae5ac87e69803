using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Native;

namespace ServerlessMeta.ContractTests.RunWatch;

/// <summary>What an MLflow client logs is watched, and what looks wrong is told by the native API.</summary>
public abstract class AnomalyTests(StoreHost host)
{
    [Fact]
    public async Task A_training_that_goes_wrong_is_told_of()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        for (var epoch = 0; epoch < 40; epoch++)
        {
            var loss = epoch == 30 ? 40 : 2.0 / (epoch + 1);
            (await host.Api.PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = new object[] { Metric("loss", loss, epoch), Metric("val_loss", epoch == 35 ? "NaN" : loss, epoch), Metric("lr", "NaN", epoch) },
            })).Ok();
        }

        var told = (await host.Api.GetAsync($"/api/v1/runs/{run}/anomalies")).Ok();
        Assert.Equal(
            ["nan val_loss 35 ", "divergence val_loss 34 0.05714285714285714", "divergence loss 34 0.05714285714285714", "spike val_loss 30 40", "spike loss 30 40"],
            told["anomalies"]!.AsArray().Select(static one => $"{one!["kind"]} {one["metric"]} {one["step"]} {one["value"]}"));
        Assert.All(told["anomalies"]!.AsArray(), one =>
        {
            Assert.Equal(run, one!["run"]!.ToString());
            Assert.NotEmpty(one["detail"]!.ToString());
        });

        var at = DateTimeOffset.Parse(told["anomalies"]![0]!["at"]!.ToString(), CultureInfo.InvariantCulture);
        Assert.Equal(told["anomalies"]!.ToJsonString(), (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("since", "2020-01-01T00:00:00+01:00"))).Ok()["anomalies"]!.ToJsonString());
        Assert.Empty((await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("since", at.AddMinutes(1).ToString("O", CultureInfo.InvariantCulture)))).Ok()["anomalies"]!.AsArray());
        var first = (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("pageSize", "2"))).Ok();
        var second = (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("pageSize", "3"), ("pageToken", first["nextPageToken"]!.ToString()))).Ok();
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(told["anomalies"]!.AsArray().Select(static one => one!.ToJsonString()), first["anomalies"]!.AsArray().Concat(second["anomalies"]!.AsArray()).Select(static one => one!.ToJsonString()));
    }

    [Fact]
    public async Task A_tag_declares_the_direction_of_a_metric_that_its_name_does_not_tell()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PostAsync("runs/set-tag", new { run_id = run, key = "watch.energy", value = "min" })).Ok();
        (await host.Api.PostAsync("runs/log-metric", new { run_id = run, key = "energy", value = "Infinity", timestamp = 1, step = 1 })).Ok();

        var one = Assert.Single((await host.Api.GetAsync($"/api/v1/runs/{run}/anomalies")).Ok()["anomalies"]!.AsArray());
        Assert.Equal(("energy", "The value is infinite."), (one!["metric"]!.ToString(), one["detail"]!.ToString()));
        Assert.False(((JsonObject)one).ContainsKey("value"));
    }

    [Fact]
    public async Task What_is_not_there_or_not_asked_rightly_is_refused()
    {
        (await host.Api.GetAsync($"/api/v1/runs/{new string('0', 31)}7/anomalies")).Problem(404, "not-found");
        (await host.Api.GetAsync("/api/v1/runs/none/anomalies", ("pageSize", "0"))).Problem(400, "invalid");
        (await host.Api.GetAsync("/api/v1/experiments/987654321/anomalies")).Problem(404, "not-found");
        var experiment = await host.Api.CreateExperimentAsync();
        (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("since", "yesterday"))).Problem(400, "invalid");
        (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/anomalies", ("pageToken", "zzzz"))).Problem(400, "invalid");
    }

    private static object Metric(string key, object value, int step) => new { key, value, step, timestamp = 1_700_000_000_000 + step };
}

public sealed class AnomalyTestsOnKestrel(KestrelHost host) : AnomalyTests(host), IClassFixture<KestrelHost>;

public sealed class AnomalyTestsOnFunctions(FunctionsHost host) : AnomalyTests(host), IClassFixture<FunctionsHost>;
