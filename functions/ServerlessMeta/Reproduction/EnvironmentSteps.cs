using ServerlessMeta.Environments;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// The commands that rebuild an environment, by what is recorded of it: an image, a Dockerfile, or else the packages of each language by the file that says most of
/// them. All run in the folder of the archive.
/// </summary>
internal sealed class EnvironmentSteps
{
    private readonly List<(string Text, List<string> Commands)> steps = [];
    private readonly List<string> paths = [];

    private EnvironmentSteps()
    {
    }

    /// <summary>What to say, and what to run.</summary>
    public IReadOnlyList<(string Text, List<string> Commands)> Steps => steps;

    /// <summary>The image in which the run is started; null: on the machine itself.</summary>
    public string? Image { get; private set; }

    /// <summary>Folders in which programs are found first.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <param name="record">What is recorded.</param>
    /// <param name="files">The environment's files that are in the archive, described ones first.</param>
    public static EnvironmentSteps Of(RebuildRecord record, IReadOnlyList<EnvironmentFile> files)
    {
        var made = new EnvironmentSteps();
        var docker = record.Environment.Docker;
        if (docker?.Image is { } image)
        {
            made.Pull(image, docker.EffectiveDigest);
        }
        else if (Find(files, FileKind.Dockerfile) is { } dockerfile)
        {
            made.Image = $"rebuild-{record.Run.Info.Id.ToString()[^8..]}";
            made.Add($"It ran in an image that {Shell.Inline(dockerfile)} builds.", $"docker build --tag {made.Image} --file {Shell.Quote(dockerfile)} .");
        }
        else
        {
            made.AddPython(record.Environment.Summary, files);
            made.AddNpm(files);
            made.AddDotnet(files);
        }
        if (made.steps.Count == 0)
        {
            made.Add("Nothing is recorded that rebuilds its environment.");
        }
        return made;
    }

    private static string? Find(IReadOnlyList<EnvironmentFile> files, FileKind kind, FileKind? other = null) =>
        files.Where(file => EnvironmentParser.KindOf(file.Path) is var found && (found == kind || found == other)).MinBy(static file => file.Path.AsSpan().Count('/'))?.Path;

    private void Add(string text, params string[] commands) => steps.Add((text, [.. commands]));

    private void Pull(string image, string? digest)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        Image = digest is null ? image : $"{WithoutTag(at < 0 ? image : image[..at])}@{digest}";
        Add($"It ran in the image {Shell.Inline(image)}{(digest is null ? ", of which no digest is recorded: what the name means may have changed since" : "")}.", $"docker pull {Shell.Quote(Image)}");
    }

    // What follows a colon is a tag, unless it is a port.
    private static string WithoutTag(string image) => image.LastIndexOf(':') is > 0 and var colon && !image[colon..].Contains('/', StringComparison.Ordinal) ? image[..colon] : image;

    private void AddPython(EnvironmentSummary summary, IReadOnlyList<EnvironmentFile> files)
    {
        var python = summary.Languages.FirstOrDefault(static language => language.Key == "python").Value;
        var version = python is null ? "Which version of Python it ran on is not recorded." : $"It ran on Python {Shell.Inline(python)}; use the same.";
        if (Find(files, FileKind.Requirements, FileKind.Freeze) is { } requirements)
        {
            Add(version, "python3 -m venv .venv", $".venv/bin/python -m pip install --requirement {Shell.Quote(requirements)}");
            paths.Add(".venv/bin");
        }
        else if (Find(files, FileKind.Conda) is { } conda)
        {
            Add(version, $"conda env create --prefix ./.conda --file {Shell.Quote(conda)}");
            paths.Add(".conda/bin");
        }
        else if (summary.Packages.Where(static package => package.Ecosystem is Ecosystem.Python).ToList() is { Count: > 0 } packages)
        {
            Add($"{version} Its packages, as they are recorded:", "python3 -m venv .venv",
                $".venv/bin/python -m pip install {string.Join(' ', packages.Select(static package => Shell.Quote(package.Version is null ? package.Name : $"{package.Name}=={package.Version}")))}");
            paths.Add(".venv/bin");
        }
        else if (python is not null)
        {
            Add(version);
        }
    }

    private void AddNpm(IReadOnlyList<EnvironmentFile> files)
    {
        if (Find(files, FileKind.NpmLock) is { } lockFile)
        {
            var folder = FolderOf(lockFile);
            // The lock alone does not do: the manifest comes with it, or with the code.
            var hasManifest = files.Any(file => file.Path == $"{folder}package.json");
            Add("Its packages for Node.js, from their lock file:",
                [.. hasManifest ? Array.Empty<string>() : [$"cp source/package.json {Shell.Quote($"./{folder}package.json")}"], $"npm ci --prefix {Shell.Quote($"./{folder}")}"]);
        }
        else if (Find(files, FileKind.NpmManifest) is { } manifest)
        {
            Add("Its packages for Node.js, without a lock file:", $"npm install --prefix {Shell.Quote($"./{FolderOf(manifest)}")}");
        }
    }

    private void AddDotnet(IReadOnlyList<EnvironmentFile> files)
    {
        foreach (var project in files.Where(static file => file.Path.EndsWith("proj", StringComparison.OrdinalIgnoreCase) && EnvironmentParser.KindOf(file.Path) is FileKind.NuGetProject))
        {
            var isLocked = files.Any(file => file.Path.Equals($"{FolderOf(project.Path)}packages.lock.json", StringComparison.OrdinalIgnoreCase));
            Add("Its packages for .NET:", $"dotnet restore {Shell.Quote($"./{project.Path}")}{(isLocked ? " --locked-mode" : "")}");
        }
    }

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
