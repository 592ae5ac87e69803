namespace ServerlessMeta.Artifacts;

/// <summary>What bytes are, however they are named.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Md5">32 lower-case hex digits.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
public sealed record ContentDigests(long Size, string Md5, string Sha256);
