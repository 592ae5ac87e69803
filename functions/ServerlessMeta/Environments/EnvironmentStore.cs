using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Environments.Parsing;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>
/// The environments of runs. An environment is named by its content, so runs share it; a run holds the digest alone. Content and row are stored before the run names them:
/// a crash leaves content that nothing refers to, which the next who has the same refers to. So does each upload that is followed by another: the environments on the way
/// stay, and harm none, since searches ask for what runs name.
/// </summary>
public sealed class EnvironmentStore
{
    private const int MaxAttempts = 16;

    // Other parsers may find other packages in the same files, and other views show other parts.
    private const string ReaderVersion = "2";

    private readonly RunStore runs;
    private readonly RunReader reader;
    private readonly EnvironmentBlobs blobs;
    private readonly EnvironmentCatalog catalog;
    private readonly EnvironmentWords words;
    private readonly TakingTogether together = new();

    internal EnvironmentStore(RunStore runs, RunReader reader, EnvironmentBlobs blobs, EnvironmentCatalog catalog, EnvironmentWords words) =>
        (this.runs, this.reader, this.blobs, this.catalog, this.words) = (runs, reader, blobs, catalog, words);

    /// <summary>
    /// Replaces what was described of a run's environment and launch; what was taken from uploads stays, unless it is gone from storage: then the description stands alone,
    /// and is written over what is there.
    /// </summary>
    internal Task<Result<NotedEnvironment>> DescribeAsync(RunId id, EnvironmentContent described, Launch launch, CancellationToken ct) =>
        ChangeAsync(id, stored => described with { Taken = stored.Taken }, launch, ct);

    /// <summary>Whether a file of this name describes an environment, so that it is worth reading for <see cref="TakeAsync"/>.</summary>
    public static bool Describes(string path) => EnvironmentParser.KindOf(path) is not FileKind.Other;

    /// <summary>
    /// Takes files that a client uploaded into the run's environment, if they describe one. A file beyond the limits is left out, and so is one that says what a file of
    /// the same name does already: an upload is no description, and nothing of it is refused for that. May be repeated.
    /// </summary>
    public async Task<Result<NotedEnvironment>> TakeAsync(RunId id, IReadOnlyList<EnvironmentFile> files, CancellationToken ct)
    {
        var telling = files.Where(static file => Describes(file.Path) && Encoding.UTF8.GetByteCount(file.Content) <= EnvironmentRules.MaxFileBytes)
            .Select(TakenFiles.Reduce).OfType<EnvironmentFile>().Select(static file => file with { Path = EnvironmentPaths.OfUpload(file.Path) }).Where(static file => EnvironmentPaths.Fault(file.Path) is null).ToList();
        return telling.Count > 0
            ? await together.AddAsync(id, telling, all => ChangeAsync(id, stored => stored with { Taken = [.. TakenFiles.Merge(stored.Taken, all)] }, null, ct), ct)
            : await reader.FindAsync(id, ct) is { } run ? new NotedEnvironment(id, run.EnvironmentDigest, run.LaunchDigest) : new Failure.NotFound("Run", id.ToString());
    }

    /// <summary>Names what <see cref="ReadAsync"/> would answer for this state of the run, without reading it.</summary>
    public string ETagOf(Run run)
    {
        var parts = string.Join('\n', (string[])[ReaderVersion, run.EnvironmentDigest ?? "", run.LaunchDigest ?? "", .. words.AllOf(run).Select(static tag => $"{tag.Key}={tag.Value}")]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..32];
    }

    /// <summary>Everything known of the run's environment: at most two operations, beside each other.</summary>
    public async Task<Result<RunEnvironment>> ReadAsync(Run run, CancellationToken ct)
    {
        var reading = run.LaunchDigest is { } digest ? blobs.ReadAsync(digest, ct) : null;
        var content = await ContentOfAsync(run.EnvironmentDigest, ct);
        Result<Launch> launch = Launch.None;
        if (reading is not null)
        {
            var bytes = await reading;
            launch = bytes.IsOk ? EnvironmentCodec.DecodeLaunch(bytes.Value) : bytes.Failure;
        }
        if (!content.IsOk || !launch.IsOk)
        {
            return content.Failure ?? launch.Failure!;
        }
        var git = launch.Value.Git;
        var docker = content.Value.Docker;
        return new RunEnvironment
        {
            Run = run,
            ETag = ETagOf(run),
            Files = [.. content.Value.AllFiles()],
            Docker = docker?.Image is null && words.ImageOf(run) is { } image ? new DockerImage(image, docker?.Digest, docker?.Dockerfile) : docker,
            Summary = EnvironmentSummary.Of(content.Value),
            Launch = launch.Value with { Git = git.Or(words.GitOf(run)), EntryPoint = launch.Value.EntryPoint ?? words.EntryPointOf(run) },
            IsEntryDescribed = launch.Value.EntryPoint is not null,
            DiffMayBeCut = git.Diff is null && words.MayBeCut(run),
        };
    }

    /// <summary>What an environment has, by its digest: one operation; null when it is gone or damaged.</summary>
    internal async Task<EnvironmentSummary?> FindAsync(string digest, CancellationToken ct) =>
        await ContentOfAsync(digest, ct) is { IsOk: true, Value: var content } ? EnvironmentSummary.Of(content) : null;

    private async Task<Result<EnvironmentContent>> ContentOfAsync(string? digest, CancellationToken ct)
    {
        if (digest is null)
        {
            return EnvironmentContent.None;
        }
        var bytes = await blobs.ReadAsync(digest, ct);
        return bytes.IsOk ? EnvironmentCodec.DecodeContent(bytes.Value) : bytes.Failure;
    }

    // Reads, changes, stores what the run will name, then lets the run name it if it still is what was read; else once more.
    private async Task<Result<NotedEnvironment>> ChangeAsync(RunId id, Func<EnvironmentContent, EnvironmentContent> change, Launch? launch, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await reader.FindAsync(id, ct) is not { } run)
            {
                return new Failure.NotFound("Run", id.ToString());
            }
            var seen = new EnvironmentLink(run.EnvironmentDigest, run.LaunchDigest);
            var stored = await ContentOfAsync(seen.Environment, ct);
            if (!stored.IsOk && launch is null)
            {
                return stored.Failure;
            }
            var next = await StoreAsync(change(stored.IsOk ? stored.Value : EnvironmentContent.None), launch, seen, isLost: !stored.IsOk, ct);
            var linked = await runs.SetEnvironmentAsync(id, seen, next, ct);
            if (linked.Failure is not Failure.Conflict)
            {
                return linked.IsOk ? new NotedEnvironment(id, next.Environment, next.Launch) : linked.Failure;
            }
            if (attempt == MaxAttempts)
            {
                return new Failure.Busy("Environment", id.ToString(), TimeSpan.FromSeconds(1));
            }
        }
    }

    // What a run names already is stored already, unless it was lost.
    private async Task<EnvironmentLink> StoreAsync(EnvironmentContent content, Launch? launch, EnvironmentLink seen, bool isLost, CancellationToken ct)
    {
        string? environment = null;
        if (!content.IsEmpty)
        {
            (environment, var bytes) = EnvironmentCodec.Encode(content);
            if (isLost || (environment != seen.Environment && !catalog.Knows(environment)))
            {
                var index = EnvironmentSummary.Of(content).ToIndex();
                // In this order: a row says that its content is there.
                await (isLost ? blobs.RepairAsync(environment, bytes, ct) : blobs.PutAsync(environment, bytes, ct));
                await catalog.PutAsync(environment, index, ct);
                catalog.Remember(environment, index);
            }
        }
        var started = launch is null ? seen.Launch : null;
        if (launch is { IsEmpty: false })
        {
            (started, var bytes) = EnvironmentCodec.Encode(launch);
            if (started != seen.Launch)
            {
                await blobs.PutAsync(started, bytes, ct);
            }
        }
        return new EnvironmentLink(environment, started);
    }
}
