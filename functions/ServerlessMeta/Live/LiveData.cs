namespace ServerlessMeta.Live;

/// <summary>What an event says of what changed.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Status">Of a run.</param>
/// <param name="Revision">Of a run or a model: it grows with each change.</param>
public sealed record LiveData(string? Name = null, string? Status = null, long? Revision = null);
