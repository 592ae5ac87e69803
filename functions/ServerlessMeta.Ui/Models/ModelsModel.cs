using System.Collections.Immutable;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Models;

public sealed record ModelsModel
{
    /// <summary>As it was written; null: all are listed.</summary>
    public string? Filter { get; init; }

    /// <summary>Why it cannot be read.</summary>
    public string? Fault { get; init; }

    public string? Order { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public ImmutableArray<ModelLine> Models { get; init; } = [];

    /// <summary>The page behind this one.</summary>
    public string? Next { get; init; }

    /// <summary>How tags begin that clients write for themselves.</summary>
    public required string HiddenTags { get; init; }

    /// <summary>How the first model is registered.</summary>
    public required IReadOnlyList<Snippet> FirstSteps { get; init; }
}
