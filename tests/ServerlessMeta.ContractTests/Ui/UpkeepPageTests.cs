using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Local.Broker;
using ServerlessMeta.Messages;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>The pages of audit and queues, and the reference of the API.</summary>
public sealed class UpkeepPageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private readonly InProcessBroker broker = new(TimeProvider.System, InProcessBroker.StoreEntities);
    private readonly KestrelHost host = new(azurite);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host.Add = services => services.AddSingleton(broker).AddSingleton<IMessageBus, LocalBus>();
        await host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        broker.Dispose();
    }

    [Fact]
    public async Task Audit_is_listed_by_object_person_and_day_and_verified()
    {
        var name = $"audited {Hostile} {Environment.TickCount64}";
        (await host.Api.PostAsync("registered-models/create", new { name })).Ok();

        var recent = Page(await host.Api.GetAsync("/audit"));
        var byPerson = Page(await host.Api.GetAsync("/audit?kind=model&by=local"));
        var byDay = Page(await host.Api.GetAsync("/audit?kind=model&to=2020-01-01"));
        var one = Page(await host.Api.GetAsync($"/audit?object={Uri.EscapeDataString("model:" + name)}"));
        var verified = Page(await host.Api.GetAsync($"/audit/verify?object={Uri.EscapeDataString("model:" + name)}"));

        Assert.All([recent, one], text => Assert.Contains("audited &lt;img src=x", text, StringComparison.Ordinal));
        Assert.All([recent, byPerson, byDay, one, verified], text => Assert.DoesNotContain(Hostile, text, StringComparison.Ordinal));
        Assert.Contains("No entry is like that", byDay, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", verified, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", Page(await host.Api.GetAsync("/audit?object=nonsense")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_store_is_verified_in_parts() => Assert.Contains("Objects", Page(await host.Api.GetAsync("/audit/verify")), StringComparison.Ordinal);

    [Fact]
    public async Task Queues_show_what_waits_and_what_died_of_what()
    {
        var (bus, queue) = (new LocalBus(broker), broker.Queue(Entities.Ingest));
        await bus.SendAsync(Entities.Ingest, new OutgoingMessage("buried", "application/cloudevents+json", null, BinaryData.FromString(Hostile)), Ct);
        Assert.True(queue.DeadLetter(queue.TryReceive(settled: false)!.LockToken!.Value, "NOT_JSON", $"Why it is not: {Hostile}.", ImmutableDictionary<string, object?>.Empty));

        var page = Page(await host.Api.GetAsync("/queues"));

        Assert.Contains("NOT_JSON", page, StringComparison.Ordinal);
        Assert.Contains("Why it is not: &lt;img src=x", page, StringComparison.Ordinal);
        Assert.Contains("data-api=\"POST /api/v1/queues/metadata-ingest/dead-letters/replay?max=1000\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_of_the_API_is_drawn_from_our_own_description()
    {
        var answer = await host.Api.GetAsync("/docs");

        Assert.Contains("data-description=\"/openapi/v1.json\"", Page(answer), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static string Page(Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        Assert.Contains("<main id=\"content\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<h1>", answer.Text, StringComparison.Ordinal);
        return answer.Text;
    }
}
