using System.Collections.Immutable;

namespace ServerlessMeta.Verifications;

/// <summary>What was found when every file of a version was read again; <c>verified</c> is false when one has other bytes than those that were stored.</summary>
public sealed record VerificationView(
    long Id, int Version, bool Verified, string Content, int Files, long Bytes, int Faults, ImmutableArray<string> Broken, DateTimeOffset At, string By)
{
    internal static VerificationView From(Verification one) => new(one.Id, one.Version, one.Faults == 0, one.Content, one.Files, one.Bytes, one.Faults, one.Broken, one.At, one.By);
}
