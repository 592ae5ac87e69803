using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>Counts the requests to storage.</summary>
internal sealed class CountPolicy : HttpPipelinePolicy
{
    private readonly List<string> requests = [];

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

    public void Begin()
    {
        lock (requests)
        {
            requests.Clear();
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        lock (requests)
        {
            requests.Add($"{message.Request.Method} {message.Request.Uri.Path}");
        }
        await ProcessNextAsync(message, pipeline);
    }
}
