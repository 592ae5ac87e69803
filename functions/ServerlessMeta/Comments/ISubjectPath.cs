using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>The part of a route that names what is commented on.</summary>
internal interface ISubjectPath
{
    /// <summary>The route of it.</summary>
    static abstract string Route { get; }

    /// <summary>What it is, in words.</summary>
    static abstract string Words { get; }

    /// <param name="behind">How many segments of the whole route come after this part.</param>
    Task<Result<FoundSubject>> FindAsync(int behind, CancellationToken ct);
}
