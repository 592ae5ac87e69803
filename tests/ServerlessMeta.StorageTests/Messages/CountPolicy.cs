using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>Counts the requests to storage, and holds the first of them for a while when asked to.</summary>
internal sealed class CountPolicy : HttpPipelinePolicy
{
    private readonly List<string> requests = [];
    private TimeSpan hold;

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    public void Begin(TimeSpan holdFirst)
    {
        lock (requests)
        {
            requests.Clear();
            hold = holdFirst;
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        TimeSpan wait;
        lock (requests)
        {
            requests.Add($"{message.Request.Method} {message.Request.Uri.Path}");
            (wait, hold) = (hold, TimeSpan.Zero);
        }
        await Task.Delay(wait, TimeProvider.System, message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
    }
}
