using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessMeta.Platform;

/// <summary>Counts, times and traces every request sent to storage, retries included; a transaction is one.</summary>
internal sealed class StorageMeterPolicy(bool isTable) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = Begin(message);
        var started = Stopwatch.GetTimestamp();
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            Count(message, started);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = Begin(message);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            Count(message, started);
        }
    }

    private Activity? Begin(HttpMessage message) =>
        Telemetry.Activities.StartActivity(isTable ? "table" : "blob", ActivityKind.Client)?.SetTag("http.request.method", message.Request.Method.Method);

    private void Count(HttpMessage message, long started)
    {
        var took = Stopwatch.GetElapsedTime(started);
        if (isTable)
        {
            StorageMeter.Current?.AddTable(took);
        }
        else
        {
            StorageMeter.Current?.AddBlob(took);
        }
        Telemetry.Count(isTable, message.Request.Method.Method, took);
    }
}
