using System.Collections.Immutable;

namespace ServerlessMeta.Verifications;

public sealed record VerificationPage(ImmutableArray<VerificationView> Verifications, string? NextPageToken = null);
