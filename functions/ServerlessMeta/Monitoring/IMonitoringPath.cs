using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>The part of a route that names what is watched.</summary>
internal interface IMonitoringPath
{
    /// <summary>The route of it.</summary>
    static abstract string Route { get; }

    /// <summary>What it is, in words.</summary>
    static abstract string Words { get; }

    /// <summary>To read of it; also of a version that is deleted, for its records stay.</summary>
    /// <param name="behind">How many segments of the whole route come after this part.</param>
    /// <param name="ct">Gives up.</param>
    Task<Result<FoundTarget>> FindAsync(int behind, CancellationToken ct);

    /// <summary>To add to it, or change it.</summary>
    /// <param name="behind">How many segments of the whole route come after this part.</param>
    /// <param name="ct">Gives up.</param>
    Task<Result<FoundTarget>> FindToChangeAsync(int behind, CancellationToken ct);
}
