namespace ServerlessMeta.Live;

/// <summary>An event as CloudEvents 1.0 has it.</summary>
public sealed record LiveEventView(string Specversion, string Id, string Source, string Type, string Subject, string? Datacontenttype, LiveData? Data)
{
    private const string Prefix = "dev.serverlessmeta.";

    internal static LiveEventView From(LiveEvent one) => new("1.0", $"{one.Subject}@{one.Position}", "/api/v1/events", Prefix + one.Type, one.Subject, one.Data is null ? null : "application/json", one.Data);
}
