using System.Reflection;

namespace ServerlessMeta.Tests.House;

/// <summary>The files of the repository, as a developer sees them.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["artifacts", "node_modules", "bin", "obj", ".git"];

    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Metadata(string name) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => string.Equals(data.Key, name, StringComparison.Ordinal)).Value ?? "";

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Every source file under a folder, as paths from the root with forward slashes; what is built or installed is left out.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(part => Built.Contains(part, StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];
}
