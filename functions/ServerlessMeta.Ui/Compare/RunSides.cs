using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Environments;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Compare;

/// <summary>Reads runs to be compared: of each its row and its experiment's, its environment, and the list of its files.</summary>
internal sealed class RunSides(RunStore runs, EnvironmentStore environments, ArtifactStore artifacts, ArtifactLocations locations, UiWords words)
{
    /// <summary>What a run was started with, among what is told of its platform.</summary>
    public const string Arguments = "Arguments";

    private const int MostFiles = 2000;
    private const int AtOnce = 8;

    public async Task<Result<Compared>> ReadAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var found = new (Run Run, ComparedSide Side)?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (place, stop) =>
            found[place] = RunId.TryParse(keys[place], CultureInfo.InvariantCulture, out var id) && await runs.FindAsync(id, stop) is { } run ? (run, await ReadAsync(run, LetterOf(place), stop)) : null);
        var missing = Array.FindIndex(found, static one => one is null);
        return missing >= 0
            ? new Failure.NotFound("Run", keys[missing].Length > 100 ? keys[missing][..100] : keys[missing])
            : new Compared([.. found.Select(static one => one!.Value.Side)], [.. MetricsOf([.. found.Select(static one => one!.Value.Run)])]);
    }

    /// <summary>A, B, ...: twenty are compared at most.</summary>
    public static string LetterOf(int place) => ((char)('A' + place)).ToString();

    /// <summary>What an environment says, in the words of the page.</summary>
    public static ComparedSide With(ComparedSide side, RunEnvironment environment)
    {
        var (launch, git) = (environment.Launch, environment.Launch.Git);
        return side with
        {
            Repository = git.Remote ?? side.Repository,
            Commit = git.Commit ?? side.Commit,
            Code = Known([.. side.Code.Select(static one => (one.Key, (string?)one.Value)), ("Commit", git.Commit ?? side.Commit), ("Repository", git.Remote ?? side.Repository), ("Branch", git.Branch),
                ("Tree", git.Dirty switch { true => "changed and not committed", false => "clean", null => null }), ("Diff", git.Diff is null ? null : "there is one")]),
            Platform = Known([
                .. environment.Summary.Languages.Select(static language => (language.Key, (string?)language.Value)), ("Image", environment.Docker?.Image ?? environment.Summary.BaseImage?.Image),
                ("Image digest", environment.Docker?.EffectiveDigest ?? environment.Summary.BaseImage?.EffectiveDigest), ("Entry point", launch.EntryPoint),
                (Arguments, launch.Arguments.IsEmpty ? null : string.Join(' ', launch.Arguments)), ("Seed", launch.Seed?.ToString(CultureInfo.InvariantCulture)),
                .. launch.Variables.Select(static variable => ($"${variable.Key}", (string?)variable.Value))]),
            Packages = Known(environment.Summary.Packages.Select(static package => ($"{PackageName.WordOf(package.Ecosystem)} {package.Name}", (string?)(package.Version ?? package.Requirement ?? "any")))),
        };
    }

    /// <summary>Those that have a value; of a name that comes twice the last.</summary>
    public static ImmutableSortedDictionary<string, string> Known(IEnumerable<(string Name, string? Value)> named)
    {
        var known = ComparedSide.None.ToBuilder();
        foreach (var (name, value) in named)
        {
            if (value is { Length: > 0 })
            {
                known[name] = value;
            }
        }
        return known.ToImmutable();
    }

    private async Task<ComparedSide> ReadAsync(Run run, string letter, CancellationToken ct)
    {
        var (reading, listing) = (environments.ReadAsync(run, ct), FilesAsync(run.Info, ct));
        var (environment, files) = (await reading, await listing);
        var side = new ComparedSide
        {
            Letter = letter,
            Key = run.Info.Id.ToString(),
            Name = run.Info.Name,
            Address = $"/runs/{run.Info.Id}",
            Status = RunWord.Of(run.Info.Status),
            StatusKind = RunWord.Kind(run.Info.Status),
            At = run.Info.StartedAt,
            Run = run.Info.Id.ToString(),
            Repository = TagOf(words.RepositoryTag),
            Commit = TagOf(words.CommitTag),
            Params = Known(run.Params.Select(static one => (one.Key, (string?)one.Value))),
            Code = Known([("Source", TagOf(words.SourceTag)), ("Commit", TagOf(words.CommitTag)), ("Repository", TagOf(words.RepositoryTag))]),
            Data = Known(run.Datasets.Select(dataset => (dataset.Tags.LastOrDefault(tag => tag.Key == words.RunWords.ContextTag).Value is { } context ? $"{dataset.Name} ({context})" : dataset.Name, (string?)dataset.Digest))),
            Files = files,
        };
        return environment.IsOk ? With(side, environment.Value) : side;

        string? TagOf(string key) => run.Tags.FirstOrDefault(tag => tag.Key == key).Value;
    }

    private async Task<ImmutableSortedDictionary<string, string>> FilesAsync(RunInfo run, CancellationToken ct)
    {
        var files = ComparedSide.None.ToBuilder();
        if (locations.OfRun(run) is { } folder)
        {
            await foreach (var file in artifacts.ListAllAsync(folder, ct))
            {
                files[file.Path.From(folder)!] = file.Sha256;
                if (files.Count == MostFiles)
                {
                    break;
                }
            }
        }
        return files.ToImmutable();
    }

    private static IEnumerable<ComparedMetric> MetricsOf(ImmutableArray<Run> all)
    {
        var latest = all.Select(static run => run.Metrics.ToDictionary(static metric => metric.Key, static metric => metric.Value, StringComparer.Ordinal)).ToList();
        foreach (var key in latest.SelectMany(static metrics => metrics.Keys).Distinct(StringComparer.Ordinal).Where(static key => !IsSystem(key)).Order(StringComparer.OrdinalIgnoreCase))
        {
            var name = WatchedName.Of(key);
            yield return new ComparedMetric(key, null, DirectionOf(key, name, all), name.IsEvaluation, true, [.. latest.Select(metrics => metrics.TryGetValue(key, out var value) ? value : (double?)null)]);
        }
    }

    // What the machine did is no reason to prefer a run.
    private static bool IsSystem(string key) => key.StartsWith("system/", StringComparison.Ordinal);

    // What a run declares, then what the name says.
    private static bool? DirectionOf(string key, WatchedName name, ImmutableArray<Run> all)
    {
        foreach (var run in all)
        {
            if (WatchedName.Declared(run.Tags.Concat(run.Params).FirstOrDefault(one => one.Key == WatchedName.Declaration + key).Value) is { } declared)
            {
                return declared.IsOff ? null : declared.Direction is MetricDirection.Max;
            }
        }
        return name.Direction is { } said ? said is MetricDirection.Max : MetricDirections.NoPolicy.Find(key).HigherIsBetter;
    }
}
