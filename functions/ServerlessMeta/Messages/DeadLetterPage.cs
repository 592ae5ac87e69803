using System.Collections.Immutable;

namespace ServerlessMeta.Messages;

/// <summary>Dead letters of a queue, the oldest first; <c>nextPageToken</c> leads on.</summary>
public sealed record DeadLetterPage(ImmutableArray<DeadLetterView> DeadLetters, string? NextPageToken);
