using System.Globalization;
using System.Text;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Reproduction;

/// <summary>The README of a rebuild: numbered steps, each with its commands, that a person follows with nothing else at hand.</summary>
internal sealed class RebuildReadme(RebuildRecord record, EnvironmentSteps environment)
{
    private const int MaxMetrics = 1000;
    private readonly StringBuilder text = new();
    private int steps;

    public string Write()
    {
        var info = record.Run.Info;
        var verdict = Reproducibility.Of(record, environment);
        Line($"# How to run {Shell.Inline(info.Name)} again").Line();
        Line($"The run {info.Id} started at {info.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC. By what is recorded of it, it is **{Word(verdict.Verdict)}**:").Line();
        foreach (var part in verdict.Parts)
        {
            Line($"- {part.Part}: {part.Status.ToString().ToLowerInvariant()}. {Shell.Inline(part.Detail)}");
        }
        Line().Line("Unpack this archive into an empty folder and stay in that folder: every command below is written for it.");
        WriteCode();
        Step("Rebuild the environment");
        foreach (var (said, commands) in environment.Steps)
        {
            Line(said).Line();
            Commands(commands);
        }
        WriteData();
        WriteRun();
        WriteMetrics();
        return text.ToString();
    }

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private void WriteCode()
    {
        Step("Get the code");
        if (record.LeftOut is not null)
        {
            Line($"Not all that the run stored is here: {Shell.Inline(record.LeftOut)}").Line();
        }
        var git = record.Environment.Launch.Git;
        if (record.Commit is { } commit && git.Remote is { } remote)
        {
            Line($"Commit {Shell.Inline(commit)}{(git.Branch is null ? "" : $", at the time on {Shell.Inline(git.Branch)}")}{(git.Diff is null ? "" : ", with the changes that were not committed")}.").Line();
            Commands([
                $"git clone -- {Shell.Quote(remote)} source",
                $"git -C source checkout --quiet --detach {commit}",
                .. git.Diff is null ? Array.Empty<string>() : [$"git -C source apply --whitespace=nowarn ../{EnvironmentPaths.Patch}"],
            ]);
            if (record.HasCode)
            {
                Line("The run stored code of its own too, under `files/`.").Line();
            }
            return;
        }
        if (record.Commit is not null)
        {
            Line($"Commit {Shell.Inline(record.Commit)}; from where it is cloned is not recorded.").Line();
        }
        if (record.Files.IsEmpty)
        {
            Line("The code is not recorded. Put what you have of it into `source/`.").Line();
            Commands(["mkdir -p source"]);
            return;
        }
        Line("What the run stored lies under `files/`.").Line();
        Commands(["mkdir -p source", "cp -R files/. source/"]);
    }

    private void WriteData()
    {
        Step("Get the data, and verify it");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var fetch = new List<string>();
        var verify = new List<string>();
        if (record.Run.Datasets.IsEmpty)
        {
            Line("No dataset is recorded.").Line();
        }
        foreach (var dataset in record.Run.Datasets.Select(DatasetReference.Of))
        {
            var file = EnvironmentPaths.DataFolder + FileName(dataset.Name, names);
            Line($"- {Shell.Inline(dataset.Name)}: {(dataset.Algorithm is null ? "digest" : dataset.Algorithm.ToUpperInvariant())} {Shell.Inline(dataset.Digest)}, from {(dataset.Source is null ? "an unknown source" : Shell.Inline(dataset.Source))}; put it at `{file}`.{(dataset.Algorithm is null ? " The digest is a short one: compare it by the program that made it." : "")}");
            if (FetchOf(dataset.Source, file, record.OwnFile) is { } command)
            {
                fetch.Add(command);
            }
            if (dataset.Algorithm is not null)
            {
                verify.Add($"echo {Shell.Quote($"{dataset.Digest}  {file}")} | {dataset.Algorithm}sum -c -");
            }
        }
        Line();
        if (fetch.Count > 0)
        {
            Commands(["mkdir -p data", .. fetch]);
        }
        Commands(verify);
    }

    // Only what is at hand, or any machine can fetch, is a command.
    private static string? FetchOf(string? source, string file, Func<string, string?> ownFile) =>
        source is null || source.Any(char.IsControl) ? null
        : ownFile(source) is { } own ? $"cp -- {Shell.Quote(EnvironmentPaths.FilesFolder + own)} {file}"
        : source.StartsWith("https://", StringComparison.Ordinal) || source.StartsWith("http://", StringComparison.Ordinal) ? $"curl --fail --silent --show-error --location --output {file} -- {Shell.Quote(source)}"
        : source.StartsWith("file:///", StringComparison.Ordinal) ? $"cp -- {Shell.Quote(Uri.UnescapeDataString(source[7..]))} {file}"
        : source.StartsWith('/') ? $"cp -- {Shell.Quote(source)} {file}"
        : null;

    private static string FileName(string name, HashSet<string> taken)
    {
        var plain = new string([.. name.Take(100).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]).Trim('.', '-');
        plain = plain.Length == 0 ? "dataset" : plain;
        var free = plain;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{plain}-{number}");
        }
        return free;
    }

    private void WriteRun()
    {
        Step("Run it");
        var launch = record.Environment.Launch;
        if (launch.Seed is { } seed)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"The seed was {seed}.")).Line();
        }
        if (record.Run.Params.Length > 0)
        {
            Line($"The params that it logged are in `{EnvironmentPaths.Params}`.").Line();
        }
        var command = RunCommand.Of(record);
        if (!command.IsWhole)
        {
            Line(command.Text is null ? "How it was started is not recorded." : $"It was started as {Shell.Inline(command.Text)}, which is no command by itself.").Line();
            return;
        }
        var arguments = string.Concat(launch.Arguments.Select(static argument => $" {Shell.Quote(argument)}"));
        if (environment.Image is { } image)
        {
            var variables = string.Concat(launch.Variables.Select(static variable => $" --env {Shell.Quote($"{variable.Key}={variable.Value}")}"));
            Commands([$"docker run --rm --entrypoint sh --volume \"$PWD:/rebuild\" --workdir /rebuild/source{variables} {Shell.Quote(image)} -c {Shell.Quote($"{command.Text} \"$@\"")} sh{arguments}"]);
            return;
        }
        Commands([
            .. environment.Paths.Select(static path => $"export PATH=\"$PWD/{path}:$PATH\""),
            .. launch.Variables.Select(static variable => $"export {variable.Key}={Shell.Quote(variable.Value)}"),
            $"(cd source && {command.Text}{arguments})",
        ]);
    }

    private void WriteMetrics()
    {
        Step("Compare the metrics");
        if (record.Run.Metrics.IsEmpty)
        {
            Line("The run logged no metrics.");
            return;
        }
        Line("The latest values of the original:").Line().Line("| metric | value | step |").Line("|---|---|---|");
        var metrics = record.Run.Metrics.OrderBy(static metric => metric.Key, StringComparer.Ordinal).ToList();
        foreach (var metric in metrics.Take(MaxMetrics))
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"| {Shell.Inline(metric.Key).Replace("|", "\\|", StringComparison.Ordinal)} | {metric.Value:R} | {metric.Step} |"));
        }
        if (metrics.Count > MaxMetrics)
        {
            Line().Line(string.Create(CultureInfo.InvariantCulture, $"And {metrics.Count - MaxMetrics} more."));
        }
    }

    private void Step(string title) => Line().Line(string.Create(CultureInfo.InvariantCulture, $"## {++steps}. {title}")).Line();

    private void Commands(List<string> lines)
    {
        if (lines.Count > 0)
        {
            text.Append(Shell.Block(lines)).Append('\n');
        }
    }

    private RebuildReadme Line(string line = "")
    {
        text.Append(line).Append('\n');
        return this;
    }
}
