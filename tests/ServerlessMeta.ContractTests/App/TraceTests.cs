using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.App;

/// <summary>What an exporter would be given.</summary>
public sealed class TraceTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Fact]
    public async Task A_storage_operation_is_a_span_under_its_request()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var run = await host.Api.CreateRunAsync("0");
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, Api.Root + "runs/get?run_id=" + run);

        (await host.Api.SendAsync(request, ("traceparent", $"00-{trace}-0123456789abcdef-01"))).Ok();

        var own = spans.Where(span => span.Source.Name == Telemetry.Name && span.TraceId.ToHexString() == trace).ToList();
        Assert.NotEmpty(own);
        Assert.All(own, static span => Assert.Equal("table Client GET", $"{span.DisplayName} {span.Kind} {span.GetTagItem("http.request.method")}"));
    }

    [Fact]
    public async Task Storage_operations_are_counted_by_service()
    {
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listening) =>
        {
            if (instrument.Meter.Name == Telemetry.Name && instrument.Name == "serverlessmeta.storage.operations")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue($"{tags[0].Value} {tags[1].Value}"));
        listener.Start();

        await host.Api.CreateRunAsync("0");

        Assert.Contains("table POST", counted);
    }
}
