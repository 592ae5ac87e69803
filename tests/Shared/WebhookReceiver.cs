using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessMeta.Testing;

/// <summary>A receiver of webhooks on loopback: keeps what it got, and answers what it is told to.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<(Dictionary<string, string> Headers, string Body, string Path)> Calls { get; } = new();

    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    public string Url => app.Urls.First() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            receiver.Calls.Enqueue((context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync(context.RequestAborted), context.Request.Path));
            await receiver.Answer(context);
        });
        await receiver.app.StartAsync(CancellationToken.None);
        return receiver;
    }

    public void Answers(int status) => Answer = context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
