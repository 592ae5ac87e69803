using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests;

/// <summary>Fails one storage request, the n-th from when it is armed, before or after it took effect; and the retries of that request too, as an outage does.</summary>
public sealed class FaultPolicy(bool afterEffect, int retries) : HttpPipelinePolicy
{
    private int left = int.MaxValue;
    private int failing;

    /// <summary>Whether the armed fault has struck.</summary>
    public bool Struck { get; private set; }

    public void Arm(int request)
    {
        Struck = false;
        failing = 0;
        left = request;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (Interlocked.Decrement(ref left) == 0 || (Struck && Interlocked.Decrement(ref failing) >= 0))
        {
            if (!Struck)
            {
                Struck = true;
                failing = retries;
            }
            if (afterEffect)
            {
                await ProcessNextAsync(message, pipeline);
            }
            throw new RequestFailedException(0, "The connection was cut.");
        }
        await ProcessNextAsync(message, pipeline);
    }
}
