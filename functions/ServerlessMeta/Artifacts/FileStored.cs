namespace ServerlessMeta.Artifacts;

/// <summary>
/// What a feature does when a file has been stored, before that is answered. The file is there already, so it may be done again; a fault is answered as an outage, and
/// the uploader repeats.
/// </summary>
internal delegate Task FileStored(StoredFile file, CancellationToken ct);
