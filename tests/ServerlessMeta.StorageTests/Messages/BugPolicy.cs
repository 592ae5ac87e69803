using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>Once armed, fails the next request to a table, or the next that writes, as no outage does.</summary>
internal sealed class BugPolicy(string table, bool onlyWrites = false) : HttpPipelinePolicy
{
    private int armed;

    public void Arm() => Volatile.Write(ref armed, 1);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        message.Request.Uri.Path.Contains(table, StringComparison.OrdinalIgnoreCase) && !(onlyWrites && message.Request.Method == RequestMethod.Get) && Interlocked.Exchange(ref armed, 0) == 1
            ? throw new InvalidOperationException("A bug.")
            : ProcessNextAsync(message, pipeline);
}
