using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests.Policies;

/// <summary>Lets something happen between what an instance read and its next transaction, once.</summary>
public sealed class BetweenPolicy : HttpPipelinePolicy
{
    private Func<Task>? between;

    public void Arm(Func<Task> happens) => between = happens;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (message.Request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && Interlocked.Exchange(ref between, null) is { } happens)
        {
            await happens();
        }
        await ProcessNextAsync(message, pipeline);
    }
}
