using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>What was made of a body.</summary>
/// <param name="Profile">What is kept of it.</param>
/// <param name="Predictions">Its predictions that have an id.</param>
/// <param name="Digest">Names the content as it was posted.</param>
/// <param name="Source"><c>rows</c>, <c>profile</c>, or <c>dataset:{artifact}/{version}</c>.</param>
internal sealed record Intake(DataProfile Profile, ImmutableArray<JoinedPrediction> Predictions, string Digest, string Source);
