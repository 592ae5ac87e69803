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
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("serverlessmeta.messages", "{message}", "Messages by queue and outcome: completed, abandoned, dead-lettered.");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("serverlessmeta.events", "{event}", "Events of messages by type and outcome: applied, known, refused, later.");

    public static void CountMessage(string queue, string outcome) => Messages.Add(1, KeyValuePair.Create<string, object?>("queue", queue), KeyValuePair.Create<string, object?>("outcome", outcome));

    public static void CountEvent(string type, string outcome) => Events.Add(1, KeyValuePair.Create<string, object?>("type", type), KeyValuePair.Create<string, object?>("outcome", outcome));

    internal static void Count(bool isTable, string method, TimeSpan took)
    {
        var service = KeyValuePair.Create<string, object?>("service", isTable ? "table" : "blob");
        var verb = KeyValuePair.Create<string, object?>("method", method);
        Operations.Add(1, service, verb);
        Durations.Record(took.TotalMilliseconds, service, verb);
    }
}
