using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ModelCards;

/// <summary>All that is recorded of a version, read for its card, its bill of materials and its evidence.</summary>
internal sealed record Dossier
{
    public required RegisteredModel Model { get; init; }

    public required ModelVersion Version { get; init; }

    /// <summary>The run that made it, as it was when the version was registered; null: none was named.</summary>
    public DossierRun? Run { get; init; }

    /// <summary>In the order of their names.</summary>
    public ImmutableArray<DossierDataset> Datasets { get; init; } = [];

    public ImmutableArray<DossierPackage> Packages { get; init; } = [];

    /// <summary>The version's files; empty where its source lies outside this store.</summary>
    public ImmutableArray<DossierFile> Files { get; init; } = [];

    /// <summary>Why files are not among them; null when all are.</summary>
    public string? FilesLeftOut { get; init; }

    /// <summary>What evaluations measured: of each dataset, slice and metric the latest value.</summary>
    public ImmutableArray<DossierMetric> Metrics { get; init; } = [];

    /// <summary>Approvals, rejections and withdrawals, the oldest first.</summary>
    public ImmutableArray<DossierVerdict> Verdicts { get; init; } = [];

    /// <summary>Moves of aliases and stages that a policy guarded, the oldest first.</summary>
    public ImmutableArray<DossierDecision> Decisions { get; init; } = [];

    /// <summary>The texts that people wrote, by part.</summary>
    public IReadOnlyDictionary<string, CardSection> Sections { get; init; } = ImmutableDictionary<string, CardSection>.Empty;

    /// <summary>The end of the model's audit chain: number and hash of its last entry; null when it has none.</summary>
    public (long Number, string Hash)? AuditHead { get; init; }

    /// <summary>What watching it says of it; null: it is not watched.</summary>
    public VersionDrift? Drift { get; init; }

    /// <summary>The digest of the version's content as it is now; null: not read.</summary>
    public string? Content { get; init; }

    /// <summary>The row that keeps what the version was made from.</summary>
    public string OriginRecord => $"origin:{Version.Number}";

    public string VersionRecord => $"version:{Version.Number}";

    public ImmutableArray<Tag> Params => Run?.Params ?? [];
}
