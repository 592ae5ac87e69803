using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Audit;
using ServerlessMeta.Environments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.ModelCards;

/// <summary>Reads all that is recorded of a version, deleted ones too. Nothing is written by it.</summary>
public sealed class DossierReader
{
    private readonly ModelReader models;
    private readonly ModelOrigins origins;
    private readonly JudgementReader judgements;
    private readonly CardSectionStore sections;
    private readonly VersionFiles files;
    private readonly EnvironmentStore environments;
    private readonly AuditExport audit;
    private readonly IEnumerable<DriftOfVersion> watches;

    internal DossierReader(
        ModelReader models, ModelOrigins origins, JudgementReader judgements, CardSectionStore sections, VersionFiles files, EnvironmentStore environments, AuditExport audit, IEnumerable<DriftOfVersion> watches) =>
        (this.models, this.origins, this.judgements, this.sections, this.files, this.environments, this.audit, this.watches) = (models, origins, judgements, sections, files, environments, audit, watches);

    /// <summary>What a card and a bill of materials are made of.</summary>
    internal async Task<Result<Dossier>> ReadAsync(RegisteredModel model, int version, CancellationToken ct) =>
        await FindAsync(model, version, ct) is { } found ? await ReadAsync(model, found.Version, found.Home, await judgements.ReadAsync(model, version, ct), ct) : NotFound(model, version);

    /// <summary>The files of the evidence for a version.</summary>
    internal async Task<Result<List<ZipEntry>>> ReadEvidenceAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        // A snapshot: what is read while the model changes would contradict itself.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await FindAsync(model, version, ct) is not { } found)
            {
                return NotFound(model, version);
            }
            var entries = await ReadEvidenceAsync(found.Model, version, found, ct);
            if (await FindAsync(model, version, ct) is { } after && after.Home.Number == found.Home.Number)
            {
                return entries;
            }
        }
        return new Failure.Busy(ModelWriter.Kind, model.Name, TimeSpan.FromSeconds(2));
    }

    private async Task<List<ZipEntry>> ReadEvidenceAsync(RegisteredModel model, int version, (RegisteredModel Model, ModelVersion Version, AuditHead Home) found, CancellationToken ct)
    {
        var judgement = await judgements.ReadAsync(model, version, ct);
        var dossier = await ReadAsync(model, found.Version, found.Home, judgement, ct);
        return EvidencePack.Of(dossier,
        [
            ("origin.json", JudgementReader.Json(await origins.FindAsync(model.Number, version, ct), ModelsJson.Default.ModelOrigin)),
            .. judgement.Records,
            ("audit.jsonl", await audit.ExtractAsync($"model:number:{model.Number}", ct)),
        ]);
    }

    private static Failure.NotFound NotFound(RegisteredModel model, int version) => new("ModelVersion", string.Create(CultureInfo.InvariantCulture, $"name={model.Name}, version={version}"));

    private async Task<(RegisteredModel Model, ModelVersion Version, AuditHead Home)?> FindAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var (row, home) = (models.FindRowAsync(ModelKeys.Version(model.Number, version), ct), models.FindRowAsync(ModelKeys.Model(model.Number), ct));
        return await row is { } stored && await home is { } head ? (ModelRow.To(head), ModelVersionRow.To(stored), AuditHead.Of(head)) : null;
    }

    private async Task<Dossier> ReadAsync(RegisteredModel model, ModelVersion version, AuditHead head, Judgement judgement, CancellationToken ct)
    {
        var (reading, writing, listing) = (origins.FindAsync(model.Number, version.Number, ct), sections.ListAsync(model.Number, ct), files.ReadAsync(version, ct));
        var (origin, written, content) = (await reading, await writing, await listing);
        return new Dossier
        {
            Model = model,
            Version = version,
            Run = origin is null ? null : RunOf(origin),
            Datasets = origin is null ? [] : [.. origin.Datasets.OrderBy(static dataset => dataset.Name, StringComparer.Ordinal).ThenBy(static dataset => dataset.Version).Select(Of)],
            Packages = origin?.Environment?.Digest is { } environment ? await PackagesAsync(environment, ct) : [],
            Files = content.Files is { } found ? [.. found.Select(static file => new DossierFile(file.Path.ToString(), file.Size, file.Sha256, file.Md5))] : [],
            FilesLeftOut = content.Files is null ? "They lie outside of this store." : null,
            Content = content.Digest,
            Metrics = judgement.Metrics,
            Verdicts = judgement.Verdicts,
            Decisions = judgement.Decisions,
            Sections = CardSections.Holding(written, version.Number),
            Drift = await DriftAsync(model, version.Number, ct),
            AuditHead = head.Number == 0 ? null : (head.Number, Convert.ToHexStringLower(head.Hash)),
        };
    }

    private async Task<VersionDrift?> DriftAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        VersionDrift? drift = null;
        foreach (var watch in watches)
        {
            drift ??= await watch(model, version, ct);
        }
        return drift;
    }

    private async Task<ImmutableArray<DossierPackage>> PackagesAsync(string environment, CancellationToken ct) => await environments.FindAsync(environment, ct) is { } summary
        ? [
            .. summary.Packages.Select(static package => new DossierPackage(package.Ecosystem, package.Name, package.Version)),
            .. summary.Languages.Select(static language => new DossierPackage(Ecosystem.Language, language.Key, language.Value)),
        ]
        : [];

    private static DossierDataset Of(OriginDataset dataset) =>
        new(dataset.Name, dataset.Version?.ToString(CultureInfo.InvariantCulture), dataset.Md5, dataset.Sha256, dataset.Digest, dataset.Context, dataset.Location);

    private static DossierRun? RunOf(ModelOrigin origin) => origin.Run is not { } run ? null : new DossierRun
    {
        Id = run.Id,
        Name = run.Name,
        Experiment = run.Experiment,
        User = run.User,
        Status = run.Status,
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        Commit = origin.Code?.Commit,
        Remote = origin.Code?.Remote,
        EntryPoint = origin.Code?.EntryPoint,
        EnvironmentDigest = origin.Environment?.Digest,
        Params = origin.Params,
        MoreParams = origin.ParamCount - origin.Params.Length,
    };
}
