using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>What the detectors of one model remember between windows: their states, the last event they heard, and their latest alarms. Its JSON is some kilobytes, whatever they have heard.</summary>
internal sealed record DetectorMemory
{
    private const int Version = 1;

    [JsonPropertyName("v")]
    public required int Format { get; init; }

    /// <summary>The baseline that gave <see cref="Usual"/>; with another one they start afresh, from the window on that has it.</summary>
    public required int Baseline { get; init; }

    public required ModelTask Task { get; init; }

    /// <summary>Names as in <see cref="Detectors.DetectorSet"/>; with others they start afresh.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>The mean error that is usual, the unit in which errors of numbers are heard; null before any event.</summary>
    public double? Usual { get; init; }

    /// <summary>Labelled events heard so far.</summary>
    public long Events { get; init; }

    /// <summary>The last event's time and id: what is not after it is never heard (again). Before any event that is where listening starts, and there is no id.</summary>
    public DateTimeOffset? LastAt { get; init; }

    public string? LastId { get; init; }

    public ImmutableArray<Listener> Listeners { get; init; } = [];

    /// <summary>The latest alarms, the oldest first, so that a window computed again still has its own.</summary>
    public ImmutableArray<DetectorAlarm> Alarms { get; init; } = [];

    public static DetectorMemory Empty(int baseline, ModelTask task, ImmutableArray<string> names) => new() { Format = Version, Baseline = baseline, Task = task, Names = names };

    public bool IsAfterLast(DateTimeOffset at, string id) =>
        LastAt is not { } last || at.CompareTo(last) is var order && (order > 0 || order == 0 && string.CompareOrdinal(id, LastId) > 0);

    public string Write() => JsonSerializer.Serialize(this, DetectorsJson.Default.DetectorMemory);

    /// <summary>Null when it is of a newer version of this program, or no memory at all.</summary>
    public static DetectorMemory? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, DetectorsJson.Default.DetectorMemory) is { Format: Version, Names.IsDefault: false, Listeners.IsDefault: false, Alarms.IsDefault: false } memory ? memory : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
