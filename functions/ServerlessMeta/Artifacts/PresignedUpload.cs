namespace ServerlessMeta.Artifacts;

/// <summary>An address to which a file may be put straight.</summary>
/// <param name="Address">For one PUT.</param>
/// <param name="Headers">What that PUT must say.</param>
public sealed record PresignedUpload(Uri Address, IReadOnlyDictionary<string, string> Headers);
