namespace ServerlessMeta.Environments;

/// <summary>An environment as JSON has it: a request's body, and what the store keeps. Anything may be absent or null.</summary>
internal sealed class EnvironmentDocument
{
    public List<FileDocument?>? Files { get; init; }

    /// <summary>In the store alone.</summary>
    public List<FileDocument?>? Taken { get; init; }

    public DockerDocument? Docker { get; init; }

    public GitDocument? Git { get; init; }

    public Dictionary<string, string?>? Languages { get; init; }

    public Dictionary<string, string?>? Packages { get; init; }

    public string? EntryPoint { get; init; }

    public List<string?>? Arguments { get; init; }

    public Dictionary<string, string?>? Variables { get; init; }

    public long? Seed { get; init; }

    internal sealed class FileDocument
    {
        public string? Path { get; init; }

        public string? Content { get; init; }
    }

    internal sealed class DockerDocument
    {
        public string? Image { get; init; }

        public string? Digest { get; init; }

        public string? Dockerfile { get; init; }
    }

    internal sealed class GitDocument
    {
        public string? Commit { get; init; }

        public string? Remote { get; init; }

        public string? Branch { get; init; }

        public string? Diff { get; init; }

        public bool? Dirty { get; init; }
    }
}
