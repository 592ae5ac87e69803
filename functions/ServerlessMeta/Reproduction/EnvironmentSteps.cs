using ServerlessMeta.Environments;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// The commands that rebuild an environment, by what is recorded of it: an image, a Dockerfile, or else the packages of each language by the file that says most of
/// them; and how well each is recorded, so that the verdict judges what is run. All run in the folder of the archive.
/// </summary>
internal sealed class EnvironmentSteps
{
    private readonly List<(string Text, List<string> Commands)> steps = [];
    private readonly List<(PartStatus Status, string Detail)> judged = [];
    private readonly List<string> paths = [];

    private EnvironmentSteps(IReadOnlyList<EnvironmentFile> files) => Files = files;

    /// <summary>The environment's files that are in the archive, described ones first.</summary>
    public IReadOnlyList<EnvironmentFile> Files { get; }

    /// <summary>What to say, and what to run.</summary>
    public IReadOnlyList<(string Text, List<string> Commands)> Steps => steps;

    /// <summary>How well what is run is recorded; nothing when nothing is run.</summary>
    public IReadOnlyList<(PartStatus Status, string Detail)> Judged => judged;

    /// <summary>The image in which the run is started; null: on the machine itself.</summary>
    public string? Image { get; private set; }

    /// <summary>Folders in which programs are found first.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>The list of pins that the commands install from; null for none.</summary>
    public EnvironmentFile? Pins { get; set; }

    public static EnvironmentSteps Of(RebuildRecord record)
    {
        var made = new EnvironmentSteps(RebuildBundle.FilesOf(record.Environment));
        var docker = record.Environment.Docker;
        if (docker?.Image is { } image)
        {
            made.Pull(image, docker.EffectiveDigest);
            return made;
        }
        if (docker?.Digest is { } digest)
        {
            made.Add($"It ran in an image with the digest {Shell.Inline(digest)}; the image's name is not recorded, so it cannot be had.");
        }
        if (made.Find(static file => EnvironmentParser.KindOf(file.Path) is not FileKind.Dockerfile ? null : NameOf(file).Equals("Dockerfile", StringComparison.OrdinalIgnoreCase) ? 0 : 1) is { } dockerfile)
        {
            made.Build(dockerfile, record);
        }
        else
        {
            made.AddPackages(record);
        }
        if (made.steps.Count == 0)
        {
            made.Add("Nothing is recorded that rebuilds its environment.");
        }
        return made;
    }

    /// <summary>The file with the lowest rank; of several the one that lies highest, then the first. Those of rank null are none.</summary>
    public EnvironmentFile? Find(Func<EnvironmentFile, int?> rank) =>
        Files.Select(file => (File: file, Rank: rank(file))).Where(static ranked => ranked.Rank is not null)
            .OrderBy(static ranked => ranked.Rank).ThenBy(static ranked => ranked.File.Path.AsSpan().Count('/')).FirstOrDefault().File;

    public EnvironmentFile? Find(params FileKind[] kinds) => Find(file => kinds.Contains(EnvironmentParser.KindOf(file.Path)) ? 0 : null);

    public void Add(string text, params string[] commands) => steps.Add((text, [.. commands]));

    public void AddPath(string folder) => paths.Add(folder);

    public void Judge(PartStatus status, string detail) => judged.Add((status, detail));

    /// <summary>Judges packages by those that are not pinned.</summary>
    public void Judge(string source, int count, IReadOnlyList<string> open)
    {
        var some = $"{string.Join(", ", open.Take(10))}{(open.Count > 10 ? ", ..." : "")}";
        Judge(open.Count > 0 || count == 0 ? PartStatus.Weak : PartStatus.Present, FormattableString.Invariant(
            $"{source}: {(open.Count > 0 ? $"{open.Count} of {Math.Max(count, open.Count)} packages are not pinned: {some}." : count == 0 ? "names no packages." : $"{count} packages, all pinned.")}"));
    }

    public static string NameOf(EnvironmentFile file) => file.Path[(file.Path.LastIndexOf('/') + 1)..];

    public static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    private void AddPackages(RebuildRecord record)
    {
        PythonSteps.Add(this, record.Environment.Summary);
        AddNpm(record);
        AddDotnet(record.Environment.Summary);
    }

    private void Pull(string image, string? digest)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        Image = digest is null ? image : $"{WithoutTag(at < 0 ? image : image[..at])}@{digest}";
        Add($"It ran in the image {Shell.Inline(image)}{(digest is null ? ", of which no digest is recorded: what the name means may have changed since" : "")}.", $"docker pull {Shell.Quote(Image)}");
        Judge(IsDigest(digest) ? PartStatus.Present : PartStatus.Weak, IsDigest(digest) ? $"Image {image} {digest}." : $"Image {image}, without a digest.");
    }

    private static bool IsDigest(string? digest) => digest?.StartsWith("sha256:", StringComparison.Ordinal) is true;

    // What follows a colon is a tag, unless it is a port.
    private static string WithoutTag(string image) => image.LastIndexOf(':') is > 0 and var colon && !image[colon..].Contains('/', StringComparison.Ordinal) ? image[..colon] : image;

    // It is built where the code is, with the described files that the code does not have.
    private void Build(EnvironmentFile dockerfile, RebuildRecord record)
    {
        Image = $"rebuild-{record.Run.Info.Id.ToString()[^8..]}";
        var described = record.Environment.Files.Where(static file => !file.IsTaken).Select(static file => file.File.Path).ToHashSet(StringComparer.Ordinal);
        Add($"It ran in an image that {Shell.Inline(dockerfile.Path)} builds, in the folder of the code; what that does not have of the recorded files comes from here.",
        [
            .. Files.Where(file => file != dockerfile && described.Contains(file.Path)).Select(static file => (file.Path, Target: Shell.Quote(EnvironmentPaths.SourceFolder + file.Path), Folder: Shell.Quote(EnvironmentPaths.SourceFolder + FolderOf(file.Path))))
                .Select(static file => $"test -e {file.Target} || {{ mkdir -p {file.Folder} && cp -- {Shell.Quote(file.Path)} {file.Target}; }}"),
            $"docker build --tag {Image} --file {Shell.Quote(dockerfile.Path)} {EnvironmentPaths.SourceFolder}",
        ]);
        var beside = new EnvironmentSteps(Files);
        beside.AddPackages(record);
        var digest = EnvironmentParser.Parse(dockerfile).Base?.EffectiveDigest;
        if (!IsDigest(digest) || beside.judged.Count == 0)
        {
            Judge(PartStatus.Weak, IsDigest(digest) ? $"{dockerfile.Path}: what it installs is not recorded beside it." : $"{dockerfile.Path}: builds on an image without a digest.");
        }
        judged.AddRange(beside.judged);
    }

    private void AddNpm(RebuildRecord record)
    {
        var described = record.Environment.Summary.Packages.Where(static package => package is { Ecosystem: Ecosystem.Npm, Source: EnvironmentSummary.Described }).ToList();
        if (Find(FileKind.NpmLock) is { } lockFile)
        {
            // The lock alone does not do: the manifest comes with it, or with the code.
            var folder = FolderOf(lockFile.Path);
            var hasManifest = Files.Any(file => file.Path == $"{folder}package.json");
            Add("Its packages for Node.js, from their lock file:",
                [.. hasManifest ? Array.Empty<string>() : [$"cp {Shell.Quote($"{EnvironmentPaths.SourceFolder}{folder}package.json")} {Shell.Quote($"./{folder}package.json")}"], $"npm ci --prefix {Shell.Quote($"./{folder}")}"]);
            var isWhole = hasManifest || record.Files.Any(file => file.Path == $"{folder}package.json") || (record.Commit is not null && record.Environment.Launch.Git.Remote is not null);
            Judge(isWhole ? PartStatus.Present : PartStatus.Weak, $"{(isWhole ? "Locked by " : "No package.json is recorded for ")}{lockFile.Path}.");
        }
        else if (Find(FileKind.NpmManifest) is { } manifest)
        {
            Add("Its packages for Node.js, without a lock file:", $"npm install --prefix {Shell.Quote($"./{FolderOf(manifest.Path)}")}");
            var named = EnvironmentParser.Parse(manifest).Packages;
            if (named.Count > 0)
            {
                Judge(manifest.Path, named.Count, [.. named.Where(static package => !package.Pinned).Select(static package => package.Name)]);
            }
            else
            {
                Judge(PartStatus.Present, $"{manifest.Path}: asks for no packages.");
            }
        }
        else if (described.Count > 0)
        {
            Add("Its packages for Node.js, as they are recorded:", $"npm install --no-save --prefix ./ {string.Join(' ', described.Select(static package => Shell.Quote($"{package.Name}@{package.Version}")))}");
            Judge("Described for Node.js", described.Count, []);
        }
    }

    private void AddDotnet(EnvironmentSummary summary)
    {
        var projects = Files.Where(static file => file.Path.EndsWith("proj", StringComparison.OrdinalIgnoreCase) && EnvironmentParser.KindOf(file.Path) is FileKind.NuGetProject).ToList();
        var central = Files.Where(static file => NameOf(file).Equals("Directory.Packages.props", StringComparison.OrdinalIgnoreCase))
            .SelectMany(static file => EnvironmentParser.Parse(file).Packages).Where(static package => package.Pinned).Select(static package => package.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var project in projects)
        {
            var isLocked = Files.Any(file => file.Path.Equals($"{FolderOf(project.Path)}packages.lock.json", StringComparison.OrdinalIgnoreCase));
            Add("Its packages for .NET:", $"dotnet restore {Shell.Quote($"./{project.Path}")}{(isLocked ? " --locked-mode" : "")}");
            var named = EnvironmentParser.Parse(project).Packages;
            if (isLocked || named.Count == 0)
            {
                Judge(PartStatus.Present, isLocked ? $"{project.Path}: locked by its packages.lock.json." : $"{project.Path}: asks for no packages.");
            }
            else
            {
                Judge(project.Path, named.Count, [.. named.Where(package => !package.Pinned && !central.Contains(package.Key)).Select(static package => package.Name)]);
            }
        }
        if (projects.Count == 0 && summary.Packages.Any(static package => package.Ecosystem is Ecosystem.NuGet))
        {
            Add("Packages for .NET are recorded, but no project that asks for them: restore that of the code.");
            Judge(PartStatus.Weak, "Packages for .NET are recorded, but no project.");
        }
    }
}
