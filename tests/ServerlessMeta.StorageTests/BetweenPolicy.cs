using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests;

/// <summary>Lets something happen between two storage requests of an instance, once.</summary>
public sealed class BetweenPolicy : HttpPipelinePolicy
{
    private Func<Task>? between;
    private Func<Request, bool> isNext = static _ => false;

    /// <summary>Before its next transaction.</summary>
    public void Arm(Func<Task> happens) => (isNext, between) = (static request => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal), happens);

    /// <summary>Before the request of this number from now; the first is 1.</summary>
    public void Arm(int request, Func<Task> happens) => (isNext, between) = (_ => --request == 0, happens);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (isNext(message.Request) && Interlocked.Exchange(ref between, null) is { } happens)
        {
            await happens();
        }
        await ProcessNextAsync(message, pipeline);
    }
}
