using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>Comments of a run and of a model: the same, and each reader is offered what their role may do.</summary>
public sealed class CommentPageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string AdminToken = "correct horse battery staple";
    private readonly KestrelHost host = new(azurite);

    public async ValueTask InitializeAsync()
    {
        host.TokenRequired = true;
        host.Settings["Access:AdminTokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(AdminToken)));
        await host.InitializeAsync();
    }

    [Fact]
    public async Task Forms_are_for_those_whose_call_would_be_taken()
    {
        var (author, writer, reader) = (await TokenAsync("ada", "writer"), await TokenAsync("kim", "writer"), await TokenAsync("grace", "reader"));
        var run = (await SendAsync(AdminToken, HttpMethod.Post, Api.Root + "runs/create", new { experiment_id = "0" })).Ok()["run"]!["info"]!["run_id"]!.ToString();
        var model = Guid.CreateVersion7().ToString("n");
        (await SendAsync(AdminToken, HttpMethod.Post, Api.Root + "registered-models/create", new { name = model })).Ok();

        foreach (var (page, comments) in new[] { ($"/runs/{run}?tab=comments", $"/api/v1/runs/{run}/comments"), ($"/models/{model}?tab=history", $"/api/v1/models/{model}/comments") })
        {
            Assert.Equal(201, (await SendAsync(author, HttpMethod.Post, comments, new { text = "Looks **good**." })).Status);

            Assert.Equal("", await OfferedAsync(reader, page, comments));
            Assert.Equal("say answer", await OfferedAsync(writer, page, comments));
            Assert.Equal("say answer change delete", await OfferedAsync(author, page, comments));
            Assert.Equal("say answer delete", await OfferedAsync(AdminToken, page, comments));
        }
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task<string> OfferedAsync(string token, string path, string comments)
    {
        var page = (await SendAsync(token, HttpMethod.Get, path, null)).Text;
        Assert.Contains("Looks <strong>good</strong>.", page, StringComparison.Ordinal);
        return string.Join(' ', new[] { ("say", "Say something"), ("answer", "Answer to ada"), ("change", $"data-api=\"PATCH {comments}/1\" data-if-match=\"&quot;1.1&quot;\""), ("delete", $"data-api=\"DELETE {comments}/1\"") }
            .Where(one => page.Contains(one.Item2, StringComparison.Ordinal)).Select(static one => one.Item1));
    }

    private async Task<string> TokenAsync(string name, string role) => (await SendAsync(AdminToken, HttpMethod.Post, "/api/v1/tokens", new { name, role })).Json["token"]!.ToString();

    private async Task<Answer> SendAsync(string token, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await host.Api.SendAsync(request, ("Authorization", $"Bearer {token}"));
    }
}
