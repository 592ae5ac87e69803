using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Runs;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What a run ran in, how that differs from another run, and whether the run can be run again.</summary>
internal sealed class EnvironmentTab(RebuildReader rebuilds, EnvironmentStore environments, RunStore runs) : IRunTab
{
    public const string Address = "environment";

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var record = await rebuilds.ReadAsync(request.Id, ct);
        if (!record.IsOk)
        {
            return record.Failure;
        }
        var environment = record.Value.Environment;
        var judged = Reproducibility.Of(record.Value);
        var (difference, fault) = await CompareAsync(environment, request.Text("other"), ct);
        return new EnvironmentModel
        {
            Id = request.Id.ToString(),
            IsEmpty = environment.IsEmpty,
            Verdict = judged.Verdict.ToString().ToLowerInvariant(),
            VerdictKind = judged.Verdict switch { Verdict.Reproducible => "good", Verdict.Degraded => "warn", _ => "bad" },
            Parts = [.. judged.Parts.Select(static part => (part.Part, part.Status.ToString().ToLowerInvariant(), part.Status switch { PartStatus.Present => "good", PartStatus.Weak => "warn", _ => "bad" }, part.Detail))],
            Facts = [.. FactsOf(environment)],
            CommitAddress = CodeHost.CommitAt(environment.Launch.Git.Remote, environment.Launch.Git.Commit),
            Packages = [.. environment.Summary.Packages.Select(static package => new PackageLine(package.Name, PackageName.WordOf(package.Ecosystem), package.Version ?? package.Requirement ?? "any", package.Pinned, package.Source))],
            Variables = environment.Launch.Variables,
            Files = [.. environment.Files.Select(static file => (file.File.Path, file.File.Content, file.IsTaken))],
            Diff = environment.Launch.Git.Diff,
            Steps = StepsOf(request),
            OtherText = request.Text("other"),
            OtherFault = fault,
            Difference = difference,
        };
    }

    private static IEnumerable<Tag> FactsOf(RunEnvironment environment)
    {
        var (launch, git) = (environment.Launch, environment.Launch.Git);
        (string Name, string? Value)[] facts =
        [
            .. environment.Summary.Languages.Select(static language => (language.Key, (string?)language.Value)),
            ("Image", environment.Docker?.Image ?? environment.Summary.BaseImage?.Image),
            ("Image digest", environment.Docker?.EffectiveDigest ?? environment.Summary.BaseImage?.EffectiveDigest),
            ("Repository", git.Remote),
            ("Branch", git.Branch),
            ("Commit", git.Commit),
            ("Tree", git.Dirty switch { true => "with changes that were not committed", false => "clean", null => null }),
            ("Entry point", launch.EntryPoint),
            ("Arguments", launch.Arguments.IsEmpty ? null : string.Join(' ', launch.Arguments)),
            ("Seed", launch.Seed?.ToString(CultureInfo.InvariantCulture)),
            ("Digest", environment.Run.EnvironmentDigest),
        ];
        return facts.Where(static fact => fact.Value is { Length: > 0 }).Select(static fact => new Tag(fact.Name, fact.Value!));
    }

    private static IReadOnlyList<Snippet> StepsOf(RunRequest request)
    {
        var address = $"{request.Request.Scheme}://{request.Request.Host}/api/v1/runs/{request.Id}/reproduce";
        return
        [
            new Snippet("Shell", $"""
                curl -fsS -o run.zip {address}
                unzip run.zip -d run && cd run
                cat README.md
                """),
            new Snippet("PowerShell", $"""
                Invoke-WebRequest {address} -OutFile run.zip
                Expand-Archive run.zip run; Set-Location run
                Get-Content README.md
                """),
        ];
    }

    private async Task<(EnvironmentDifference? Difference, string? Fault)> CompareAsync(RunEnvironment here, string? other, CancellationToken ct)
    {
        if (other is null)
        {
            return (null, null);
        }
        if (!RunId.TryParse(other.Trim(), CultureInfo.InvariantCulture, out var id))
        {
            return (null, "A run id has 32 hex digits: take it from the address of the other run's page.");
        }
        if (await runs.FindAsync(id, ct) is not { } run)
        {
            return (null, $"There is no run {id}.");
        }
        var there = await environments.ReadAsync(run, ct);
        if (!there.IsOk)
        {
            return (null, there.Failure.Detail);
        }
        var compared = EnvironmentComparison.Of(here, there.Value);
        ImmutableArray<(string, string?, string?)> rows =
        [
            .. compared.Parts.Select(static part => (part.Part, Short(part.From), Short(part.To))),
            .. compared.Changed.Select(static change => (change.From.Name, (string?)VersionOf(change.From), (string?)VersionOf(change.To))),
            .. compared.Added.Select(static package => (package.Name, (string?)null, (string?)VersionOf(package))),
            .. compared.Removed.Select(static package => (package.Name, (string?)VersionOf(package), (string?)null)),
        ];
        return (new EnvironmentDifference(id.ToString(), run.Info.Name, rows), null);
    }

    // Of a digest nobody reads more than the beginning.
    private static string? Short(string? text) => text is { Length: > 20 } && text.StartsWith("sha256:", StringComparison.Ordinal) ? $"{text[..19]}…" : text;

    private static string VersionOf(FoundPackage package) => package.Version ?? package.Requirement ?? "any";
}
