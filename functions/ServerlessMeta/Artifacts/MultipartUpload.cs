using System.Collections.Immutable;

namespace ServerlessMeta.Artifacts;

/// <summary>A file that is put straight into storage in parts, side by side.</summary>
/// <param name="Id">Names the upload in later calls.</param>
/// <param name="Parts">The address of each part, for one PUT, in the order of the parts.</param>
public sealed record MultipartUpload(string Id, ImmutableArray<Uri> Parts);
