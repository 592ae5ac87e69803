namespace ServerlessMeta.Models;

/// <summary>The code that the run ran. Of a diff its SHA-256 alone is kept here; the run has it whole.</summary>
public sealed record OriginCode(string? Commit, string? Remote, string? Branch, bool? Dirty, string? DiffSha256, string? EntryPoint);
