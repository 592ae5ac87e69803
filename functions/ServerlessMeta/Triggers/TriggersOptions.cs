using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Triggers;

public sealed class TriggersOptions
{
    public const string Section = "Triggers";

    /// <summary>The least time between two triggers of one target with the same actions, by the clock, in seconds: windows of a past year may be posted within a minute.</summary>
    [Range(0, 86_400)]
    public int FloorSeconds { get; init; } = 60;
}
