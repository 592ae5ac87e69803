using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Runs;

public sealed class UpkeepOptions
{
    public const string Section = "Upkeep";

    /// <summary>How long a run has had no write when upkeep cools it.</summary>
    [Range(0, 1440)]
    public int QuietMinutes { get; init; } = 10;
}
