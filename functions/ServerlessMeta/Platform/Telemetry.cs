using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServerlessMeta.Platform;

/// <summary>The store's meter and activity source.</summary>
public static class Telemetry
{
    public const string Name = "ServerlessMeta";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Operations = Meter.CreateCounter<long>("serverlessmeta.storage.operations", "{operation}", "Requests sent to storage, retries included.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("serverlessmeta.storage.duration", "ms", "Time until storage answered.");

    internal static void Count(bool isTable, string method, TimeSpan took)
    {
        var service = KeyValuePair.Create<string, object?>("service", isTable ? "table" : "blob");
        var verb = KeyValuePair.Create<string, object?>("method", method);
        Operations.Add(1, service, verb);
        Durations.Record(took.TotalMilliseconds, service, verb);
    }
}
