namespace ServerlessMeta.Models;

/// <summary>The environment that the run ran in: digests of its content and of how it was launched, and the image.</summary>
public sealed record OriginEnvironment(string? Digest, string? LaunchDigest, string? Image, string? ImageDigest);
