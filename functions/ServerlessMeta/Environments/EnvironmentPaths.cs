using System.Buffers;
using System.Globalization;
using ServerlessMeta.Artifacts;

namespace ServerlessMeta.Environments;

/// <summary>
/// Where files of an environment may lie. Their paths become files on other people's machines: relative, without <c>..</c>, drives, backslashes and control
/// characters, without a name that ends in a dot or a space or means no file on some system, and not where the other files of a rebuild lie.
/// </summary>
internal static class EnvironmentPaths
{
    public const int MaxLength = 240;
    public const string Params = "params.json";
    public const string Datasets = "datasets.json";
    public const string Code = "code.json";
    public const string Patch = "uncommitted.patch";
    public const string Readme = "README.md";
    public const string FilesFolder = "files/";

    /// <summary>Where a person puts the code, and the data, while rebuilding.</summary>
    public const string SourceFolder = "source/";
    public const string DataFolder = "data/";
    public const string Dockerfile = "Dockerfile";

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("<>:\"|?*\\");
    private static readonly string[] Taken = [Params, Datasets, Code, Patch, Readme];
    private static readonly string[] TakenFolders = [FilesFolder, SourceFolder, DataFolder, ".venv/", ".conda/", "node_modules/"];

    /// <summary>What is wrong with a path; null for nothing.</summary>
    public static string? Fault(string path)
    {
        if (path.Length is 0 or > MaxLength)
        {
            return $"A path has 1 to {MaxLength} characters.";
        }
        if (ArtifactPath.Parse(path).Failure is { } wrong)
        {
            return wrong.Detail;
        }
        if (!IsPortable(path))
        {
            return "A path has none of < > : \" | ? *, and no name in it ends in a dot or a space, is a device's (such as aux) or git's own.";
        }
        return Taken.Contains(path, StringComparer.OrdinalIgnoreCase) || TakenFolders.Any(folder => $"{path}/".StartsWith(folder, StringComparison.OrdinalIgnoreCase))
            ? $"'{path}' is where a rebuild keeps something else."
            : null;
    }

    /// <summary>Where an uploaded file lies among those of the environment: where it lay, unless a rebuild keeps something else there.</summary>
    public static string OfUpload(string path) => Fault(path) is null ? path : $"uploaded/{path}";

    /// <summary>
    /// Whether a path that is free of <c>..</c> means the same file on any system, and a plain one: Windows has devices of some names whatever their extension, and git
    /// runs what a folder of its own says.
    /// </summary>
    public static bool IsPortable(string path) =>
        !path.AsSpan().ContainsAny(NotInNames) && !path.Any(char.IsControl) && !path.Split('/').Any(static name => name.EndsWith('.') || name.EndsWith(' ') || IsDevice(name) || IsGit(name));

    private static bool IsDevice(string name) =>
        name.Split('.')[0].TrimEnd(' ').ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$" or "CLOCK$"
            or ['C', 'O', 'M', (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3'] or ['L', 'P', 'T', (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3'];

    // Also by its short name, and with characters that some file systems leave out.
    private static bool IsGit(string name) =>
        string.Concat(name.Where(static c => char.GetUnicodeCategory(c) is not UnicodeCategory.Format)).ToUpperInvariant() is ".GIT" or "GIT~1";

    /// <summary>The paths, in the order given, that cannot lie beside those before them: the same but for case, or a file where another needs a folder.</summary>
    public static IEnumerable<int> Clashes(IReadOnlyList<string> paths)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < paths.Count; at++)
        {
            var above = FoldersOf(paths[at]).ToList();
            if (folders.Contains(paths[at]) || above.Exists(files.Contains) || !files.Add(paths[at]))
            {
                yield return at;
                continue;
            }
            folders.UnionWith(above);
        }
    }

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
