using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>Finds what a version is made from when it is registered, and reads what was found.</summary>
public sealed class ModelOrigins
{
    // A run that read more has a count for the rest.
    private const int MostDatasets = 200;
    private const int AtOnce = 8;

    private readonly ModelReader reader;
    private readonly RunStore runs;
    private readonly LoggedModelStore models;
    private readonly EnvironmentStore environments;
    private readonly ArtifactVersionReader artifacts;
    private readonly DatasetWords words;
    private readonly TimeProvider time;

    internal ModelOrigins(ModelReader reader, RunStore runs, LoggedModelStore models, EnvironmentStore environments, ArtifactVersionReader artifacts, DatasetWords words, TimeProvider time) =>
        (this.reader, this.runs, this.models, this.environments, this.artifacts, this.words, this.time) = (reader, runs, models, environments, artifacts, words, time);

    /// <summary>The origin of a version, a deleted one too: one operation; null for a version from before origins were kept.</summary>
    public async Task<ModelOrigin?> FindAsync(long model, int version, CancellationToken ct) =>
        await reader.FindRowAsync(ModelKeys.Origin(model, version), ct) is { } row ? ModelOriginRow.To(row) : null;

    /// <summary>
    /// What a version is made from. A run or logged model that does not exist is refused. Without a run one operation for the logged model, or none; with a run its row,
    /// its environment, and what it read: an operation for each of the 16 partitions of artifacts, and one for each dataset.
    /// </summary>
    internal async Task<Result<ResolvedOrigin>> ResolveAsync(NewModelVersion wanted, CancellationToken ct)
    {
        var origin = new ModelOrigin { ResolvedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()) };
        if (wanted.CopyOf is { } copied)
        {
            return await CopyAsync(wanted, copied, origin, ct);
        }
        var readingRun = wanted.Run is { } id ? runs.FindAsync(id, ct) : null;
        var logged = wanted.LoggedModel is { } named ? await models.FindAsync(named, ct) : null;
        var run = readingRun is null ? null : await readingRun;
        if (wanted.Run is { } absentRun && run is null)
        {
            return new Failure.NotFound("Run", absentRun.ToString());
        }
        if (wanted.LoggedModel is { } absentModel && logged is not { Stage: LifecycleStage.Active })
        {
            return new Failure.NotFound("LoggedModel", absentModel.ToString());
        }
        if (run is null && RunId.TryParse(logged?.SourceRunId, CultureInfo.InvariantCulture, out var source))
        {
            run = await runs.FindAsync(source, ct);
        }
        var location = wanted.Locate?.Invoke(run, logged) ?? (string?)null;
        if (!location.IsOk)
        {
            return location.Failure;
        }
        if (logged is not null)
        {
            origin = origin with
            {
                LoggedModel = new OriginLoggedModel(logged.Id.ToString(), logged.Name, logged.Type, logged.Status.ToString(), logged.SourceRunId, logged.Params, logged.Params.Length, logged.Metrics.Length),
            };
        }
        origin = run is null ? origin with { Missing = ["run: none is known"] } : await WithRunAsync(origin, run, ct);
        return new ResolvedOrigin(origin, run?.Info.Id, logged?.Id, location.Value);
    }

    // All that is known of the version that is copied.
    private async Task<Result<ResolvedOrigin>> CopyAsync(NewModelVersion wanted, RegisteredVersion copied, ModelOrigin origin, CancellationToken ct)
    {
        var version = copied.Version;
        if ((wanted.Run is { } run && run != version.Run) || (wanted.LoggedModel is { } logged && logged != version.LoggedModel))
        {
            return new Failure.Invalid("source", "A copy of a version has the run and the logged model of that version.");
        }
        var found = await FindAsync(version.Model, version.Number, ct) ?? origin;
        return new ResolvedOrigin(
            found with { ResolvedAt = origin.ResolvedAt, CopiedFrom = new OriginCopy(version.Model, copied.Model.Name, version.Number) }, version.Run, version.LoggedModel, version.Location ?? version.Source);
    }

    private async Task<ModelOrigin> WithRunAsync(ModelOrigin origin, Run run, CancellationToken ct)
    {
        var (reading, listing) = (environments.ReadAsync(run, ct), ListDatasetsAsync(run, ct));
        var (environment, (datasets, count, unread)) = (await reading, await listing);
        origin = origin with
        {
            Run = new OriginRun(
                run.Info.Id.ToString(), run.Info.Id.Experiment.ToString(), run.Info.Name, run.Info.UserId, run.Info.Status.ToString(), run.Info.StartedAt, run.Info.EndedAt, run.Info.Stage is LifecycleStage.Deleted),
            Datasets = datasets,
            DatasetCount = count,
            Params = run.Params,
            ParamCount = run.Params.Length,
            ParamsSha256 = ModelOriginRow.DigestOf(run.Params),
            Metrics = [.. run.Metrics.Select(static metric => new OriginMetric(metric.Key, metric.Value, metric.Timestamp, metric.Step))],
            MetricCount = run.Metrics.Length,
            Missing = unread is null ? origin.Missing : origin.Missing.Add($"datasets: {unread.Detail}"),
        };
        return environment.IsOk ? With(origin, environment.Value) : origin with { Missing = origin.Missing.Add($"environment: {environment.Failure.Detail}") };
    }

    private static ModelOrigin With(ModelOrigin origin, RunEnvironment environment)
    {
        var (git, run) = (environment.Launch.Git, environment.Run);
        var code = git == GitState.None && environment.Launch.EntryPoint is null ? null
            : new OriginCode(git.Commit, git.Remote, git.Branch, git.Dirty, git.Diff is { } diff ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(diff))) : null, environment.Launch.EntryPoint);
        var found = run.EnvironmentDigest is null && run.LaunchDigest is null && environment.Docker is null ? null
            : new OriginEnvironment(run.EnvironmentDigest, run.LaunchDigest, environment.Docker?.Image, environment.Docker?.EffectiveDigest);
        return origin with
        {
            Code = code,
            Environment = found,
            Missing = [
                .. origin.Missing,
                .. code?.Commit is null ? (string[])["code: no commit is recorded"] : [],
                .. run.EnvironmentDigest is null ? (string[])["environment: none is recorded"] : [],
                .. origin.DatasetCount == 0 && origin.Missing.IsEmpty ? (string[])["datasets: none is recorded"] : [],
                .. origin.DatasetCount > origin.Datasets.Length ? (string[])[string.Create(CultureInfo.InvariantCulture, $"datasets: {origin.DatasetCount - origin.Datasets.Length} more are not listed")] : [],
            ],
        };
    }

    // The artifact versions that the run used, then what it said of datasets that are none of those.
    private async Task<(ImmutableArray<OriginDataset> Datasets, int Count, Failure? Unread)> ListDatasetsAsync(Run run, CancellationToken ct)
    {
        var (uses, token, unread) = (new List<VersionUse>(), (string?)null, (Failure?)null);
        do
        {
            var page = await artifacts.ListOfRunAsync(run.Info.Id, 1000, token, ct);
            (token, unread) = (page.IsOk ? page.Value.Next : null, page.Failure);
            uses.AddRange(page.IsOk ? page.Value.Items.Where(static use => use.Direction is UseDirection.Used) : []);
        }
        while (token is not null);
        var found = new OriginDataset?[Math.Min(uses.Count, MostDatasets)];
        await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (place, stop) =>
            found[place] = await artifacts.FindVersionAsync(uses[place].Name, new VersionReference(uses[place].Number, null), stop) is { IsOk: true, Value: var version }
                ? Of(version, uses[place]) : new OriginDataset { Name = uses[place].Name, Version = uses[place].Number, Context = uses[place].Context });
        var known = found.OfType<OriginDataset>().ToList();
        var others = run.Datasets.Where(dataset => !known.Exists(other => other.Name == dataset.Name && KnownDigest.Of(dataset.Digest).Value is var digest && (other.Md5 == digest || other.Sha256 == digest || other.Digest == digest))).ToList();
        return ([.. known.Concat(others.Select(Of)).Take(MostDatasets)], uses.Count + others.Count, unread);
    }

    private static OriginDataset Of(ArtifactVersion version, VersionUse use) => new()
    {
        Name = version.Name,
        Version = version.Number,
        Md5 = version.Digests.Md5,
        Sha256 = version.Digests.Sha256,
        Digest = version.Digests.Opaque,
        Location = version.Locations.FirstOrDefault(),
        Size = version.Size,
        Context = use.Context,
    };

    private OriginDataset Of(DatasetInput dataset)
    {
        var digests = ArtifactDigests.Of(KnownDigest.Of(dataset.Digest));
        return new OriginDataset
        {
            Name = dataset.Name,
            Md5 = digests.Md5,
            Sha256 = digests.Sha256,
            Digest = digests.Opaque,
            Location = LocationSecrets.Drop(dataset.Source) is { Length: <= 2000 } source ? source : null,
            Context = dataset.Tags.LastOrDefault(tag => tag.Key == words.ContextTag).Value,
        };
    }
}
