using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Live;

/// <summary>What changed since a cursor, over HTTP.</summary>
public sealed class LiveTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly KestrelHost host = new(azurite);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        host.Settings["Live:ServerSentEvents"] = "true";
        return host.InitializeAsync();
    }

    [Fact]
    public async Task A_run_is_followed_by_one_operation_and_tells_each_change_once()
    {
        var run = await RunAsync();
        var begun = await host.Api.GetAsync("/api/v1/events", ("subject", $"runs/{run}"));

        var still = await host.Api.GetAsync(NextOf(begun));
        await LogAsync(run);
        var changed = await host.Api.GetAsync(NextOf(still));
        var after = await host.Api.GetAsync(NextOf(changed));

        Assert.Equal(("[]", "[]", "[]"), (begun.Text, still.Text, after.Text));
        Assert.Equal("application/cloudevents-batch+json", changed.ContentType);
        Assert.Equal(1, changed.Operations);
        var told = Assert.Single(changed.Json.AsArray())!;
        Assert.Equal(
            ("1.0", "/api/v1/events", "dev.serverlessmeta.run.changed.v1", $"runs/{run}", "Running"),
            ($"{told["specversion"]}", $"{told["source"]}", $"{told["type"]}", $"{told["subject"]}", $"{told["data"]!["status"]}"));
    }

    [Fact]
    public async Task Nothing_new_is_304()
    {
        var run = await RunAsync();
        var next = NextOf(await host.Api.GetAsync("/api/v1/events", ("subject", $"runs/{run}")));
        var first = await host.Api.GetAsync(next);

        using var again = new HttpRequestMessage(HttpMethod.Get, next);
        var answer = await host.Api.SendAsync(again, ("If-None-Match", first.Headers.ETag!.ToString()));
        await LogAsync(run);
        using var later = new HttpRequestMessage(HttpMethod.Get, next);

        Assert.Equal((304, ""), (answer.Status, answer.Text));
        Assert.Equal(200, (await host.Api.SendAsync(later, ("If-None-Match", first.Headers.ETag!.ToString()))).Status);
    }

    [Fact]
    public async Task An_experiment_tells_which_of_its_runs_were_written()
    {
        var (experiment, one) = await ExperimentAsync();
        var other = await host.Api.CreateRunAsync(experiment);
        var begun = await host.Api.GetAsync("/api/v1/events", ("subject", $"experiments/{experiment}"));

        await LogAsync(one);
        var third = await host.Api.CreateRunAsync(experiment);
        var changed = await host.Api.GetAsync(NextOf(begun));

        Assert.Equal(new[] { $"runs/{one}", $"runs/{third}" }.Order(StringComparer.Ordinal), SubjectsOf(changed).Order(StringComparer.Ordinal));
        Assert.DoesNotContain($"runs/{other}", SubjectsOf(changed));
        Assert.Equal("[]", (await host.Api.GetAsync(NextOf(changed))).Text);
    }

    [Fact]
    public async Task Another_instance_knows_a_cursor_and_counts_everything_as_changed_when_it_does_not_know_what_did()
    {
        var (experiment, run) = await ExperimentAsync();
        var begun = await host.Api.GetAsync("/api/v1/events", ("subject", $"experiments/{experiment}"));
        var second = await host.AnotherAsync();

        var same = await second.Api.GetAsync(NextOf(begun));
        await LogAsync(run);
        var third = await host.AnotherAsync();
        var changed = await third.Api.GetAsync(NextOf(same));

        Assert.Equal("[]", same.Text);
        Assert.Equal([$"experiments/{experiment}"], SubjectsOf(changed));
        Assert.Equal([$"runs/{run}"], SubjectsOf(await second.Api.GetAsync(NextOf(same))));
    }

    [Fact]
    public async Task A_cursor_that_says_nothing_loses_nothing()
    {
        var (experiment, run) = await ExperimentAsync();
        var ofRun = NextOf(await host.Api.GetAsync("/api/v1/events", ("subject", $"runs/{run}"))).Split("after=")[1];

        var garbled = await host.Api.GetAsync("/api/v1/events", ("subject", $"experiments/{experiment}"), ("after", "no cursor!"));
        var foreign = await host.Api.GetAsync("/api/v1/events", ("subject", $"experiments/{experiment}"), ("after", ofRun));

        Assert.Equal([$"experiments/{experiment}"], SubjectsOf(garbled));
        Assert.Equal([$"experiments/{experiment}"], SubjectsOf(foreign));
    }

    [Fact]
    public async Task Whoever_follows_the_store_hears_of_runs_and_of_models()
    {
        var (_, run) = await ExperimentAsync();
        var begun = await host.Api.GetAsync("/api/v1/events");

        await LogAsync(run);
        (await host.Api.PostAsync("registered-models/create", new { name = "né w" })).Ok();
        var changed = await host.Api.GetAsync(NextOf(begun));
        var named = await host.Api.GetAsync("/api/v1/events", ("subject", "models/né w"));

        Assert.Contains($"runs/{run}", SubjectsOf(changed));
        Assert.Contains("models/né w", SubjectsOf(changed));
        Assert.Equal("[]", named.Text);
        Assert.Equal("[]", (await host.Api.GetAsync(NextOf(named))).Text);
    }

    [Theory]
    [InlineData("nothing", 400)]
    [InlineData("runs/7", 404)]
    [InlineData("runs/00000000000000000000000000000000", 404)]
    [InlineData("experiments/987654", 404)]
    [InlineData("models/<b>\r\nx: y", 404)]
    public async Task What_cannot_be_followed_is_refused(string subject, int status) => Assert.Equal(status, (await host.Api.GetAsync("/api/v1/events", ("subject", subject))).Status);

    [Fact]
    public async Task Events_are_sent_as_they_come_where_a_setting_says_so()
    {
        var run = await RunAsync();
        using var wanted = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?subject=runs/{run}") { Headers = { { "Accept", "text/event-stream" } } };
        using var answer = await host.Api.Http.SendAsync(wanted, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
        Assert.StartsWith("id: ", await lines.ReadLineAsync(Ct), StringComparison.Ordinal);

        await LogAsync(run);
        var line = await lines.ReadLineAsync(Ct);
        while (line?.StartsWith("data: ", StringComparison.Ordinal) is false)
        {
            line = await lines.ReadLineAsync(Ct);
        }

        Assert.Equal($"runs/{run}", $"{JsonNode.Parse(line![6..])!["subject"]}");
    }

    [Fact]
    public async Task Held_connections_are_refused_unless_a_setting_says_otherwise()
    {
        await using var plain = new KestrelHost(azurite);
        await plain.InitializeAsync();
        using var wanted = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events?subject=experiments");

        var refused = await plain.Api.SendAsync(wanted, ("Accept", "text/event-stream"));

        Assert.Equal(406, refused.Status);
        Assert.Contains("Live:ServerSentEvents", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_offer_a_held_connection_only_where_there_is_one()
    {
        await using var plain = new KestrelHost(azurite);
        await plain.InitializeAsync();

        Assert.Contains("<live-dot streams></live-dot>", (await host.Api.GetAsync("/")).Text, StringComparison.Ordinal);
        Assert.Contains("<live-dot></live-dot>", (await plain.Api.GetAsync("/")).Text, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static string NextOf(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        var link = answer.Headers.GetValues("Link").Single();
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    private static List<string> SubjectsOf(Answer answer) => [.. answer.Json.AsArray().Select(static one => one!["subject"]!.GetValue<string>())];

    private async Task<string> RunAsync() => (await ExperimentAsync()).Run;

    private async Task<(string Experiment, string Run)> ExperimentAsync()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        return (experiment, await host.Api.CreateRunAsync(experiment));
    }

    private async Task LogAsync(string run) => (await host.Api.PostAsync("runs/log-metric", new { run_id = run, key = "loss", value = 0.5, timestamp = 1, step = 1 })).Ok();
}
