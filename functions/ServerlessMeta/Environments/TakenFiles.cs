using System.Text;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Environments;

/// <summary>The files that uploads brought to an environment.</summary>
internal static class TakenFiles
{
    /// <summary>
    /// Adds files to those there are, in the order of their paths. A run that stores a model at each step brings the same description each time, at another path: it stays
    /// one. Beyond the limits of number and bytes what is there stays and what comes is left out.
    /// </summary>
    public static IEnumerable<EnvironmentFile> Merge(IReadOnlyCollection<EnvironmentFile> stored, IEnumerable<EnvironmentFile> coming)
    {
        var merged = stored.ToDictionary(static file => file.Path, StringComparer.OrdinalIgnoreCase);
        foreach (var file in coming)
        {
            if (!merged.ContainsKey(file.Path) && merged.Values.Any(known => SaysTheSame(known, file)))
            {
                continue;
            }
            var before = merged.GetValueOrDefault(file.Path);
            merged[file.Path] = file;
            if (merged.Count > EnvironmentRules.MaxFiles || merged.Values.Sum(static one => (long)Encoding.UTF8.GetByteCount(one.Content)) > EnvironmentRules.MaxFilesBytes
                || EnvironmentPaths.Clashes([.. merged.Keys]).Any())
            {
                _ = before is null ? merged.Remove(file.Path) : (merged[file.Path] = before) is not null;
            }
        }
        return merged.Values.OrderBy(static file => file.Path, StringComparer.Ordinal);
    }

    /// <summary>
    /// A file as it is kept: of a model's description only what tells of the environment, so that runs that differ in the model alone share theirs. Null for one that tells nothing.
    /// </summary>
    public static EnvironmentFile? Reduce(EnvironmentFile file) =>
        EnvironmentParser.KindOf(file.Path) is not FileKind.Model ? file : YamlParsers.ReduceModel(file.Content) is { } content ? file with { Content = content } : null;

    private static bool SaysTheSame(EnvironmentFile known, EnvironmentFile file) => NameOf(known) == NameOf(file) && known.Content == file.Content;

    private static string NameOf(EnvironmentFile file) => file.Path[(file.Path.LastIndexOf('/') + 1)..];
}
