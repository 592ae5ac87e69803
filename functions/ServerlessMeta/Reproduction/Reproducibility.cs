using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// Whether a run can be run again, by what is recorded.
/// <list type="bullet">
/// <item>code: present with stored code files, or with a whole commit (40 or 64 digits), its remote, and either a clean tree or the diff; weak with less of these; missing
/// without a commit and without code files.</item>
/// <item>data, for each dataset: present with an MD5 or SHA-256 and a source; weak with a short digest or no source; missing without a source and without a whole digest.
/// Weak when no dataset is recorded at all: nobody said that nothing was read.</item>
/// <item>environment: by what the steps of a rebuild take (<see cref="EnvironmentSteps"/>): present with an image by name and digest, or when the packages of each language
/// come from a lock or are all pinned, below a Dockerfile's base by its digest; weak with less of these; missing without any.</item>
/// <item>entryPoint: present with a command, or a script that a tag names; weak with a name alone; missing without.</item>
/// <item>params and seed are told and decide nothing: not every run has them.</item>
/// </list>
/// Lost: code, data or environment is missing. Degraded: one of them is weak, or the entry point is not present. Reproducible: none of these.
/// </summary>
public sealed record Reproducibility(Verdict Verdict, ImmutableArray<RecordedPart> Parts)
{
    private static readonly string[] Needed = ["code", "data", "environment"];

    internal static Reproducibility Of(RebuildRecord record) => Of(record, EnvironmentSteps.Of(record));

    internal static Reproducibility Of(RebuildRecord record, EnvironmentSteps steps)
    {
        ImmutableArray<RecordedPart> parts = [CodeOf(record), .. DataOf(record), EnvironmentOf(record.Environment, steps), EntryPointOf(record), ParamsOf(record), SeedOf(record)];
        var deciding = parts.Where(static part => Needed.Contains(part.Part)).ToList();
        var verdict = deciding.Exists(static part => part.Status is PartStatus.Missing) ? Verdict.Lost
            : deciding.Exists(static part => part.Status is PartStatus.Weak) || parts.Any(static part => part.Part == "entryPoint" && part.Status is not PartStatus.Present) ? Verdict.Degraded
            : Verdict.Reproducible;
        return new Reproducibility(verdict, parts);
    }

    private static RecordedPart CodeOf(RebuildRecord record)
    {
        var git = record.Environment.Launch.Git;
        if (record.Commit is not { } commit)
        {
            return record.HasCode ? Part("code", PartStatus.Present, $"{record.Files.Count(static file => file.IsCode)} stored code files; no commit.")
                : Part("code", PartStatus.Missing, "No commit, and no stored code files.");
        }
        var weak = new List<string>();
        if (commit.Length is not (40 or 64))
        {
            weak.Add("the commit is cut");
        }
        if (git.Remote is null)
        {
            weak.Add("its remote is not known");
        }
        if (git.Diff is null && git.Dirty is not false)
        {
            weak.Add(git.Dirty is null ? "nobody said whether the tree was clean" : "the tree was not clean, and there is no diff");
        }
        if (record.Environment.DiffMayBeCut)
        {
            weak.Add("the diff may have lost its end");
        }
        var what = $"Commit {commit}{(git.Diff is null ? "" : " and a diff")}";
        return weak.Count == 0 ? Part("code", PartStatus.Present, $"{what}.")
            : record.HasCode ? Part("code", PartStatus.Present, $"Stored code files. {what}, but {string.Join(", ", weak)}.")
            : Part("code", PartStatus.Weak, $"{what}, but {string.Join(", ", weak)}.");
    }

    private static IEnumerable<RecordedPart> DataOf(RebuildRecord record)
    {
        if (record.Run.Datasets.IsEmpty)
        {
            yield return Part("data", PartStatus.Weak, "No dataset is recorded: it is not known what the run read, or that it read nothing.");
        }
        foreach (var dataset in record.Run.Datasets.Select(DatasetReference.Of))
        {
            yield return dataset switch
            {
                { Algorithm: not null, Source: not null } => Part("data", PartStatus.Present, $"{dataset.Name}: {dataset.Algorithm} {dataset.Digest}, from {dataset.Source}."),
                { Algorithm: not null } => Part("data", PartStatus.Weak, $"{dataset.Name}: {dataset.Algorithm} {dataset.Digest}, but no source."),
                { Source: not null } => Part("data", PartStatus.Weak, $"{dataset.Name}: from {dataset.Source}, but '{dataset.Digest}' is no MD5 or SHA-256."),
                _ => Part("data", PartStatus.Missing, $"{dataset.Name}: no source, and '{dataset.Digest}' is no MD5 or SHA-256."),
            };
        }
    }

    // As well as the worst of what the steps take.
    private static RecordedPart EnvironmentOf(RunEnvironment environment, EnvironmentSteps steps) =>
        steps.Judged.Count > 0 ? Part("environment", steps.Judged.Max(static judged => judged.Status), string.Join(' ', steps.Judged.Select(static judged => judged.Detail)))
        : environment.Docker is not null || environment.Summary.BaseImage is not null || !environment.Files.IsEmpty || !environment.Summary.Languages.IsEmpty
            ? Part("environment", PartStatus.Weak, "No packages are named, and no image by name and digest.")
            : Part("environment", PartStatus.Missing, "No packages, no image, no files that describe one.");

    private static RecordedPart EntryPointOf(RebuildRecord record) => RunCommand.Of(record) switch
    {
        { IsWhole: true, Text: { } command } => Part("entryPoint", PartStatus.Present, command),
        { Text: { } name } => Part("entryPoint", PartStatus.Weak, $"'{name}' is no command."),
        _ => Part("entryPoint", PartStatus.Missing, "Nobody said how it was started."),
    };

    private static RecordedPart ParamsOf(RebuildRecord record)
    {
        var (arguments, logged) = (record.Environment.Launch.Arguments.Length, record.Run.Params.Length);
        return Part("params", arguments + logged > 0 ? PartStatus.Present : PartStatus.Missing, string.Create(CultureInfo.InvariantCulture, $"{arguments} arguments, {logged} logged params."));
    }

    private static RecordedPart SeedOf(RebuildRecord record)
    {
        if (record.Environment.Launch.Seed is { } seed)
        {
            return Part("seed", PartStatus.Present, seed.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var logged in record.Environment.Launch.Variables.Concat(record.Run.Params))
        {
            if (IsSeed(logged))
            {
                return Part("seed", PartStatus.Present, $"{logged.Key} {logged.Value}");
            }
        }
        return Part("seed", PartStatus.Missing, "No seed is recorded.");
    }

    private static bool IsSeed(Tag logged) => logged.Key.EndsWith("seed", StringComparison.OrdinalIgnoreCase) || logged.Key is "random_state";

    private static RecordedPart Part(string part, PartStatus status, string detail) => new(part, status, detail);
}
