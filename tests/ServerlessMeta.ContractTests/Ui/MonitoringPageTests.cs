using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Monitoring;
using static ServerlessMeta.ContractTests.Monitoring.Watched;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>The pages of what is watched, of rules and of triggers, as a browser without scripts gets them.</summary>
public sealed class MonitoringPageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Theory]
    [InlineData("monitors")]
    [InlineData("versions")]
    public async Task What_is_watched_is_shown_with_its_drift(string kind)
    {
        var watched = await WatchAsync(kind);
        var address = AddressOf(watched);

        var overview = Page(await host.Api.GetAsync("/monitoring"));
        var page = Page(await host.Api.GetAsync(address));

        Assert.Contains($"href=\"{address}\"", overview, StringComparison.Ordinal);
        Assert.Contains("x in w2: ", page, StringComparison.Ordinal);
        Assert.Contains("Columns drifted", page, StringComparison.Ordinal);
        Assert.Contains("Window w2: x", page, StringComparison.Ordinal);
        Assert.Contains("baseline, 100 values", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cell_leads_to_the_column_in_its_window()
    {
        var address = AddressOf(await WatchAsync("monitors"));

        var page = Page(await host.Api.GetAsync(address + "?window=w1&column=city"));

        Assert.Contains("Window w1: city", page, StringComparison.Ordinal);
        Assert.Contains("Oslo", page, StringComparison.Ordinal);
        Assert.Contains("33.3 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_costs_few_operations()
    {
        var address = AddressOf(await WatchAsync("versions"));
        Page(await host.Api.GetAsync(address));

        var answer = await host.Api.GetAsync(address);

        // The model, what is watched, the windows, the result, its parts and their profile, the rules and the triggers.
        Assert.InRange(answer.Operations, 5, 9);
    }

    [Theory]
    [InlineData("/monitoring/models/none/versions/1", 404)]
    [InlineData("/monitoring/monitors/none", 404)]
    [InlineData("/triggers/none", 404)]
    [InlineData("/rules/none", 404)]
    [InlineData("/triggers?page=garbled", 400)]
    public async Task What_is_not_there_is_said_on_a_page(string address, int status)
    {
        var answer = await host.Api.GetAsync(address);

        Assert.Equal(status, answer.Status);
        Assert.Contains("<main id=\"content\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_users_wrote_is_escaped()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        var watched = new Watched(host.Api, $"/api/v1/monitors/{Uri.EscapeDataString(Hostile)}");
        Assert.Equal(201, (await watched.PostAsync("/baseline", $"\"{Hostile}\",city\n" + string.Concat(Enumerable.Range(0, 50).Select(static row => $"{row},{Hostile}\n")), "text/csv")).Status);
        Assert.Equal(201, (await watched.PostAsync($"/windows?{Day(2)}&window={Uri.EscapeDataString(Hostile)}", $"\"{Hostile}\",city\n" + string.Concat(Enumerable.Range(0, 50).Select(static row => $"{row + 90},{Hostile}\n")), "text/csv")).Status);
        await watched.ComputeAsync();

        var overview = Page(await host.Api.GetAsync("/monitoring"));
        var page = Page(await host.Api.GetAsync(AddressOf(watched)));

        Assert.All([overview, page], text => Assert.DoesNotContain(Hostile, text, StringComparison.Ordinal));
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_tried_on_what_is_stored_and_its_trigger_tells_its_cause()
    {
        var watched = await WatchAsync("versions");
        var model = Uri.UnescapeDataString(watched.Path.Split('/')[4]);
        var id = $"rule-{Short(watched)}";
        Assert.Equal(201, (await host.Api.SendJsonAsync(HttpMethod.Put, $"/api/v1/rules/{id}", $$"""{"target":{"model":"{{model}}","version":1},"when":{"signal":"dataDrift","metric":"js","column":"x","enter":0.1},"aggregate":{"graceWindows":0},"mode":"suggest"}""")).Status);

        var tried = Page(await host.Api.GetAsync($"/rules/{id}?dryRun=1"));
        Assert.Equal(201, (await watched.PostAsync($"/windows?{Day(4)}&window=w3", Csv(200, 60, 5, 4), "text/csv")).Status);
        await watched.ComputeAsync();
        var list = Page(await host.Api.GetAsync("/triggers?state=suggested"));
        var trigger = (await host.Api.GetAsync($"/api/v1/triggers?rule={id}")).Ok()["triggers"]![0]!["trigger"]!["id"]!.ToString();
        var page = Page(await host.Api.GetAsync($"/triggers/{trigger}"));

        Assert.Contains("Would have fired on 2026-03-", tried, StringComparison.Ordinal);
        Assert.Contains($"/triggers/{trigger}", list, StringComparison.Ordinal);
        Assert.Contains($"data-api=\"POST /api/v1/triggers/{trigger}/approve\"", page, StringComparison.Ordinal);
        Assert.Contains("data drift js", page, StringComparison.Ordinal);
        Assert.Contains(id, Page(await host.Api.GetAsync("/rules")), StringComparison.Ordinal);
    }

    private static string Short(Watched watched) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(watched.Path)))[..8];

    private async Task<Watched> WatchAsync(string kind)
    {
        var watched = await StartAsync(host.Api, kind);
        (await watched.PutAsync("/monitoring", Options)).Ok();
        Assert.Equal(201, (await watched.PostAsync("/baseline", Csv(0, 100), "text/csv")).Status);
        Assert.Equal(201, (await watched.PostAsync($"/windows?{Day(2)}&window=w1", Csv(0, 60), "text/csv")).Status);
        Assert.Equal(201, (await watched.PostAsync($"/windows?{Day(3)}&window=w2", Csv(100, 60, 5, 3), "text/csv")).Status);
        await watched.ComputeAsync();
        return watched;
    }

    private static string AddressOf(Watched watched) => "/monitoring" + watched.Path["/api/v1".Length..];

    private static string Page(Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        Assert.Contains("<main id=\"content\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<h1>", answer.Text, StringComparison.Ordinal);
        return answer.Text;
    }
}
