namespace ServerlessMeta.Live;

/// <summary>Something changed. What it became is read where it is kept.</summary>
/// <param name="Type">The last words of its type, as <c>run.changed.v1</c>.</param>
/// <param name="Subject">What changed, as a subject that can be followed.</param>
/// <param name="Position">Where it stands now: the same change has the same position.</param>
public sealed record LiveEvent(string Type, string Subject, string Position)
{
    /// <summary>What little is known of it without reading it; null: nothing.</summary>
    public LiveData? Data { get; init; }
}
