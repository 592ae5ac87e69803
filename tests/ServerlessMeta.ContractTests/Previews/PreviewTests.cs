using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.ContractTests.Artifacts;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Previews;

public sealed class PreviewTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_previewed_with_its_columns_and_first_rows()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "data/a.csv"), "x,name\n1,a\n3,\n2,c\n"u8.ToArray())).Ok();

        var preview = await GetAsync(run, "data/a.csv");

        Assert.Equal("table", preview["kind"]!.ToString());
        var columns = preview["table"]!["columns"]!;
        Assert.Equal(("x", "integer", "1", "3"), (columns[0]!["name"]!.ToString(), columns[0]!["type"]!.ToString(), columns[0]!["min"]!.ToString(), columns[0]!["max"]!.ToString()));
        Assert.Equal(3, preview["table"]!["firstRows"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_file_worth_it_is_previewed_at_its_upload_and_every_file_with_the_same_bytes_shares_that()
    {
        await using var fresh = new KestrelHost(host.Azurite);
        await fresh.InitializeAsync();
        var run = await fresh.Api.CreateRunAsync("0");
        var rows = Encoding.UTF8.GetBytes("i,square\n" + string.Concat(Enumerable.Range(0, 5000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"{i},{(long)i * i}\n"))));

        (await fresh.Api.PutFileAsync(Proxy.PathOf(run, "a.csv"), rows)).Ok();
        (await fresh.Api.PutFileAsync(Proxy.PathOf(run, "small.csv"), "a\n1\n"u8.ToArray())).Ok();
        (await fresh.Api.PutFileAsync(Proxy.PathOf(run, "b.csv"), rows)).Ok();

        Assert.Equal(1, await CountAsync(fresh));
        Assert.Equal(5000, (await GetAsync(run, "b.csv", fresh))["table"]!["rows"]!.GetValue<int>());
        Assert.Equal(1, await CountAsync(fresh));
    }

    [Fact]
    public async Task A_larger_file_is_previewed_when_first_asked_for()
    {
        await using var fresh = new KestrelHost(host.Azurite);
        await fresh.InitializeAsync();
        var run = await fresh.Api.CreateRunAsync("0");
        (await fresh.Api.PutFileAsync(Proxy.PathOf(run, "a.csv"), Encoding.UTF8.GetBytes("line\n" + string.Concat(Enumerable.Repeat("0123456789\n", 800_000))))).Ok();
        Assert.Equal(0, await CountAsync(fresh));

        Assert.Equal("table", (await GetAsync(run, "a.csv", fresh))["kind"]!.ToString());

        Assert.Equal(1, await CountAsync(fresh));
    }

    [Theory]
    [InlineData("model.bin", "01", "no preview for files of this kind")]
    [InlineData("a.parquet", "PAR1 this is no parquet", "Parquet")]
    [InlineData("a.png", "this is no picture", "")]
    [InlineData("empty.csv", "", "empty")]
    public async Task What_cannot_be_shown_says_why_and_was_stored_all_the_same(string name, string content, string why)
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, name), Encoding.UTF8.GetBytes(content))).Ok();

        var preview = await GetAsync(run, name);

        Assert.Equal("none", preview["kind"]!.ToString());
        Assert.Contains(why, preview["reason"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, await host.Api.ReadFileAsync(Proxy.PathOf(run, name)));
    }

    [Fact]
    public async Task A_picture_has_a_thumbnail_that_is_served_as_a_picture_alone()
    {
        var run = await host.Api.CreateRunAsync("0");
        // One red pixel.
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "dot.png"), png)).Ok();

        Assert.Equal("image", (await GetAsync(run, "dot.png"))["kind"]!.ToString());

        using var thumbnail = await host.Api.GetFileAsync($"/api/v1/runs/{run}/preview/thumbnail?path=dot.png");
        Assert.Equal(("image/webp", "nosniff"), (thumbnail.Content.Headers.ContentType!.ToString(), thumbnail.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal("RIFF"u8.ToArray(), (await thumbnail.Content.ReadAsByteArrayAsync(Ct))[..4]);
    }

    [Fact]
    public async Task A_known_preview_is_304()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a.txt"), "one\ntwo\n"u8.ToArray())).Ok();
        using var first = await host.Api.GetFileAsync($"/api/v1/runs/{run}/preview?path=a.txt");

        using var again = await host.Api.GetFileAsync($"/api/v1/runs/{run}/preview?path=a.txt", ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/runs/none/preview?path=a", 404)]
    [InlineData("/api/v1/runs/{run}/preview", 400)]
    [InlineData("/api/v1/runs/{run}/preview?path=none", 404)]
    [InlineData("/api/v1/runs/{run}/preview?path=..%2Fx", 400)]
    [InlineData("/api/v1/runs/{run}/preview?path=a&model=m-none", 404)]
    [InlineData("/api/v1/runs/{run}/preview/thumbnail?path=none", 404)]
    public async Task What_is_not_there_is_told_as_problem_details(string path, int status)
    {
        var answer = await host.Api.GetAsync(path.Replace("{run}", await host.Api.CreateRunAsync("0"), StringComparison.Ordinal));

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
    }

    private async Task<JsonNode> GetAsync(string run, string path, StoreHost? store = null) => (await (store ?? host).Api.GetAsync($"/api/v1/runs/{run}/preview", ("path", path))).Ok();

    private static async Task<int> CountAsync(StoreHost store)
    {
        var count = 0;
        await foreach (var _ in store.Services.GetRequiredService<StorageClients>().Previews.GetBlobsAsync(cancellationToken: Ct))
        {
            count++;
        }
        return count;
    }
}
