using System.Text;
using System.Text.RegularExpressions;
using ServerlessMeta.Environments;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// How the packages of Python are installed: from what was installed (a freeze), else from the pins of a lock, else from requirements.txt, else by conda, else by name.
/// What the description itself names is installed at that version beside each of them.
/// </summary>
internal sealed partial class PythonSteps
{
    private const string PinsFile = "requirements.lock.txt";
    private const string Venv = "python3 -m venv .venv";
    private const string Pip = ".venv/bin/python -m pip install";

    private readonly EnvironmentSteps to;
    private readonly EnvironmentSummary summary;
    private readonly string version;
    private readonly List<FoundPackage> described;
    private readonly HashSet<string> describedKeys;

    private PythonSteps(EnvironmentSteps to, EnvironmentSummary summary)
    {
        (this.to, this.summary) = (to, summary);
        var python = summary.Languages.FirstOrDefault(static language => language.Key == "python").Value;
        version = python is null ? "Which version of Python it ran on is not recorded." : $"It ran on Python {Shell.Inline(python)}; use the same.";
        described = [.. summary.Packages.Where(static package => package is { Ecosystem: Ecosystem.Python, Source: EnvironmentSummary.Described } && IsInstallable(package))];
        describedKeys = [.. described.Select(static package => package.Key)];
    }

    public static void Add(EnvironmentSteps to, EnvironmentSummary summary)
    {
        var steps = new PythonSteps(to, summary);
        var lockFile = to.Find(FileKind.TomlLock, FileKind.PipfileLock);
        var pins = lockFile is null ? [] : EnvironmentParser.Parse(lockFile).Packages;
        if (to.Find(FileKind.Freeze) is { } freeze)
        {
            steps.AddRequirements(freeze, null);
        }
        else if (lockFile is not null && pins.Any(IsInstallable))
        {
            steps.AddLock(lockFile, pins);
        }
        else if (to.Find(static file => IsForOthers(file) ? null : RankOf(file)) is { } requirements)
        {
            steps.AddRequirements(requirements, to.Find(static file => IsConstraints(file) ? 0 : null));
        }
        else if (to.Find(FileKind.Conda) is { } conda)
        {
            steps.AddConda(conda);
        }
        else if (!steps.AddNames() && to.Find(RankOf) is { } other)
        {
            steps.AddRequirements(other, to.Find(static file => IsConstraints(file) ? 0 : null));
        }
    }

    // Bounds of what others ask for, no list of what to install.
    private static bool IsConstraints(EnvironmentFile file) =>
        EnvironmentParser.KindOf(file.Path) is FileKind.Requirements && EnvironmentSteps.NameOf(file).Contains("constraints", StringComparison.OrdinalIgnoreCase);

    // What development takes besides.
    private static bool IsForOthers(EnvironmentFile file) => Others.IsMatch(EnvironmentSteps.NameOf(file));

    private static int? RankOf(EnvironmentFile file) =>
        EnvironmentParser.KindOf(file.Path) is not FileKind.Requirements || IsConstraints(file) ? null
        : EnvironmentSteps.NameOf(file).Equals("requirements.txt", StringComparison.OrdinalIgnoreCase) ? 0 : 1;

    private static bool IsInstallable(FoundPackage package) => Name.IsMatch(package.Name) && (package.Version is null ? !package.Pinned : PythonVersion.Find(package.Version) is not null);

    private void AddRequirements(EnvironmentFile file, EnvironmentFile? constraints)
    {
        var asked = new RequirementsInclusion(to.Files);
        asked.Read(file, isConstraint: false);
        if (constraints is not null)
        {
            asked.Read(constraints, isConstraint: true);
        }
        // What the file pins itself need not be said twice.
        var beside = described.Where(package => !asked.Pins.Contains((package.Key, package.Version!))).ToList();
        var command = $"{Pip} --requirement {Shell.Quote(file.Path)}{(constraints is null ? "" : $" --constraint {Shell.Quote(constraints.Path)}")}";
        Add(version, Venv, beside.Count == 0 ? command : $"{command} --requirement {Write(beside)}");
        var pinned = asked.Pins.Select(static pin => pin.Key).Concat(describedKeys).ToHashSet(StringComparer.Ordinal);
        to.Judge(file.Path, asked.Packages.Count + beside.Count, [.. asked.Packages.Where(package => !package.Pinned && !pinned.Contains(package.Key)).Select(static package => package.Name), .. asked.Unknown]);
    }

    private void AddLock(EnvironmentFile file, IReadOnlyList<FoundPackage> locked)
    {
        var pins = described.Concat(locked.Where(IsInstallable)).DistinctBy(static package => package.Key).OrderBy(static package => package.Key, StringComparer.Ordinal).ToList();
        Add($"{version} Its packages are those that {Shell.Inline(file.Path)} locks; one that is made for another system only can be left out.", Venv, $"{Pip} --no-deps --requirement {Write(pins)}");
        var open = locked.Where(package => !IsInstallable(package) && !describedKeys.Contains(package.Key)).Select(static package => package.Name)
            .Concat(locked.GroupBy(static package => package.Key).Where(same => !describedKeys.Contains(same.Key) && same.Select(static package => package.Version).Distinct().Count() > 1)
                .Select(static same => $"{same.First().Name} (several versions)")).ToList();
        to.Judge(open.Count == 0 ? PartStatus.Present : PartStatus.Weak, open.Count == 0 ? $"Locked by {file.Path}." : $"{file.Path}: locks what is not one version of a package: {string.Join(", ", open.Take(10))}.");
    }

    private void AddConda(EnvironmentFile file)
    {
        var beside = described.Count == 0 ? Array.Empty<string>() : [$".conda/bin/python -m pip install --requirement {Write(described)}"];
        to.Add(version, [$"conda env create --prefix ./.conda --file {Shell.Quote(file.Path)}", .. beside]);
        to.AddPath(".conda/bin");
        var named = EnvironmentParser.Parse(file).Packages;
        to.Judge(file.Path, named.Count + described.Count, [.. named.Where(package => !package.Pinned && !describedKeys.Contains(package.Key)).Select(static package => package.Name)]);
    }

    // By what else names packages, such as a model's description.
    private bool AddNames()
    {
        var passedOver = to.Files.Where(static file => IsConstraints(file) || IsForOthers(file)).Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        var named = summary.Packages.Where(package => package.Ecosystem is Ecosystem.Python && !passedOver.Contains(package.Source)).ToList();
        var packages = named.Where(IsInstallable).ToList();
        if (packages.Count == 0)
        {
            if (summary.Languages.Any(static language => language.Key == "python"))
            {
                to.Add(version);
            }
            return false;
        }
        var constraints = to.Find(static file => IsConstraints(file) ? 0 : null);
        var bound = constraints is null ? [] : EnvironmentParser.Parse(constraints).Packages.Where(static package => package.Pinned).Select(static package => package.Key).ToHashSet(StringComparer.Ordinal);
        Add($"{version} Its packages, as they are recorded:", Venv,
            $"{Pip} {string.Join(' ', packages.Select(static package => Shell.Quote(package.Version is null ? package.Name : $"{package.Name}=={package.Version}")))}{(constraints is null ? "" : $" --constraint {Shell.Quote(constraints.Path)}")}");
        to.Judge("Python", named.Count, [.. named.Where(package => !IsInstallable(package) || !(package.Pinned || bound.Contains(package.Key))).Select(static package => package.Name)]);
        return true;
    }

    private void Add(string text, params string[] commands)
    {
        to.Add(text, commands);
        to.AddPath(".venv/bin");
    }

    // Under a name that no file of the environment has.
    private string Write(IReadOnlyList<FoundPackage> pins)
    {
        var path = PinsFile;
        for (var number = 2; EnvironmentPaths.Clashes([.. to.Files.Select(static file => file.Path), path]).Any(); number++)
        {
            path = FormattableString.Invariant($"requirements.lock-{number}.txt");
        }
        var lines = new StringBuilder();
        foreach (var package in pins)
        {
            lines.Append(package.Name).Append("==").Append(package.Version).Append(package.Marker is null ? "" : $" ; {package.Marker}").Append('\n');
        }
        to.Pins = new EnvironmentFile(path, lines.ToString());
        return path;
    }

    [GeneratedRegex("^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name { get; }

    [GeneratedRegex("(?:^|[^a-z])(?:dev|development|tests?|docs?|lint|ci)(?:[^a-z]|\\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Others { get; }
}
