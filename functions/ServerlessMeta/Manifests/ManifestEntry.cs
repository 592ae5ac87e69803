namespace ServerlessMeta.Manifests;

/// <summary>One thing that a run read or made.</summary>
/// <param name="Kind"><c>file</c>, <c>dataset</c>, <c>model</c>, or <c>artifact</c> for a version that lies elsewhere.</param>
/// <param name="Path">A file's path from the run's (or the model's) root, a dataset's or an artifact's name, a model's id.</param>
public sealed record ManifestEntry(string Kind, string Path)
{
    /// <summary>In bytes; null when not known, as of a dataset that lies elsewhere.</summary>
    public long? Size { get; init; }

    /// <summary>32 lower-case hex digits.</summary>
    public string? Md5 { get; init; }

    /// <summary>64 lower-case hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>A dataset's digest as its user gave it, when that is neither.</summary>
    public string? Digest { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Where a dataset lies, as its user says.</summary>
    public string? Source { get; init; }

    /// <summary>The logged model that a file belongs to.</summary>
    public string? Model { get; init; }

    /// <summary>The number of the artifact version that it is.</summary>
    public long? Version { get; init; }

    /// <summary>Where the thing can be seen in little.</summary>
    public string? Preview { get; init; }

    /// <summary>What tells entries of two manifests apart.</summary>
    internal string Key => $"{Kind}\n{Model}\n{Path}\n{(Kind is "dataset" or "artifact" ? Md5 ?? Digest ?? Sha256 : "")}";
}
