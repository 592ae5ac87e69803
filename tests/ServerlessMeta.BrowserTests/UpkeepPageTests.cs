using System.Globalization;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Audit, queues and the reference of the API.</summary>
public sealed class UpkeepPageTests(BrowserFixture store)
{
    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Upkeep_is_for_everyone(int width, bool isDark)
    {
        await WatchedData.MakeAsync(store);
        await BuryAsync($"look-{width}-{isDark}");

        await using var page = await store.OpenAsync("/audit", width, isDark);
        foreach (var (name, path) in (IEnumerable<(string, string)>)[("audit", "/audit"), ("audit-object", $"/audit?object=model:{WatchedData.Model}"), ("audit-verify", $"/audit/verify?object=model:{WatchedData.Model}"), ("queues", "/queues?queue=metadata-ingest")])
        {
            await page.GoAsync(path);
            await page.CheckAsync(Looks.NameOf(name, width, isDark));
        }
    }

    [Fact]
    public async Task Audit_is_asked_by_kind_person_and_object_and_verified()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync("/audit");

        await page.View.GetByLabel("Kind").SelectOptionAsync("model");
        await page.View.GetByLabel("Person").FillAsync("local");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = $"model {WatchedData.Model}" }).First.ClickAsync();
        await Assertions.Expect(page.View.GetByText("version.create").First).ToBeVisibleAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "verify this object" }).ClickAsync();

        await Assertions.Expect(page.View.GetByText("nothing was changed")).ToBeVisibleAsync();
        await Assertions.Expect(page.View.GetByText("All was verified.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dead_letter_is_sent_again_from_the_page()
    {
        await BuryAsync("replayed");
        await using var page = await store.OpenAsync("/queues?queue=metadata-ingest");
        var letter = page.View.GetByRole(AriaRole.Article).Filter(new() { HasText = "replayed" });
        await Assertions.Expect(letter.First).ToBeVisibleAsync();

        await letter.First.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();

        await Assertions.Expect(page.View.GetByText("It was sent again.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Reference_of_the_API_is_drawn_and_asks_nobody_else()
    {
        await using var page = await store.OpenAsync("/monitoring");
        var foreign = new List<string>();
        page.View.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(store.Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };

        await page.View.GetByRole(AriaRole.Link, new() { Name = "API", Exact = true }).ClickAsync();
        await page.View.Locator("api-docs").GetByText("server-info").First.WaitForAsync(new() { Timeout = 120_000, State = WaitForSelectorState.Attached });
        Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
        await page.View.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", "docs-1400-light.png") });
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Monitoring", Exact = true }).ClickAsync();

        await Assertions.Expect(page.View.GetByRole(AriaRole.Heading, new() { Name = "Monitoring", Level = 1 })).ToBeVisibleAsync();
        Assert.Empty(foreign);
    }

    /// <summary>Puts a message on the queue that says nothing the store knows, by the official client.</summary>
    private Task BuryAsync(string id) => BrowserFixture.RunAsync(
        ["--input-type=module", "-e", string.Create(CultureInfo.InvariantCulture,
            $$"""
            import { ServiceBusClient } from "@azure/service-bus";
            const client = new ServiceBusClient("Endpoint=sb://localhost:{{store.AmqpPort}};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true");
            await client.createSender("metadata-ingest").sendMessages({ messageId: "{{id}}", contentType: "application/cloudevents+json", body: { specversion: "1.0", id: "{{id}}", source: "/tests", type: "dev.serverlessmeta.unheard.of.v1", data: {} } });
            await client.close();
            const patience = Date.now() + 60_000;
            for (;;) {
              const letters = await (await fetch("{{store.Address}}/api/v1/queues/metadata-ingest/dead-letters?pageSize=100")).json();
              if (letters.deadLetters.some((one) => one.messageId === "{{id}}")) break;
              if (Date.now() > patience) throw new Error("The message did not die.");
              await new Promise((resolve) => setTimeout(resolve, 200));
            }
            process.exit(0);
            """)],
        TimeSpan.FromMinutes(2));
}
