using System.Collections.Immutable;

namespace ServerlessMeta.Artifacts;

/// <summary>Stored bytes as they are answered.</summary>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Size">In bytes; null when they are gone.</param>
/// <param name="Md5">32 lower-case hex digits.</param>
/// <param name="Faults">What verified reads found, oldest first.</param>
public sealed record ContentView(string Sha256, long? Size, string? Md5, ImmutableArray<ContentFault> Faults);
