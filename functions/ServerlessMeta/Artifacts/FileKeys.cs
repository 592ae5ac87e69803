using System.Globalization;
using System.Text;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Table <c>files</c>: what lies at which path. The files of a run, a logged model or a trace (<c>.../{id}/artifacts</c>) share a partition named by that folder;
/// any other file lies in the partition of its first name. In keys '/' is '|', so that a folder's files are one range, and <c>^ | % # ?</c> are ^ and two hex digits:
/// <code>
/// f|{path in the folder}   a file, or a folder that must not become one
/// </code>
/// </summary>
internal static class FileKeys
{
    private const string Artifacts = "artifacts";
    private const string FilePrefix = "f|";
    private const char Slash = '|';
    private const char Escaped = '^';
    private const int IdLength = 32;

    /// <summary>What a path may take in a key, in UTF-16 units.</summary>
    public static int Measure(string path) => FilePrefix.Length + Escape(path).Length;

    /// <summary>The partition of a path, and the path within it.</summary>
    public static (string Partition, string Inner) Split(ArtifactPath path)
    {
        var text = path.ToString();
        var names = text.Split('/');
        for (var at = 1; at < names.Length; at++)
        {
            if (names[at] == Artifacts && IsOwner(names[at - 1]))
            {
                return (Escape(string.Join('/', names[..(at + 1)])), string.Join('/', names[(at + 1)..]));
            }
        }
        return (Escape(names[0]), string.Join('/', names[1..]));
    }

    public static string File(string rest) => FilePrefix + Escape(rest);

    /// <summary>Every file below a folder of a partition; the whole partition when the folder is its root.</summary>
    public static (string From, string Below) Inside(string folder)
    {
        if (folder.Length == 0)
        {
            return (FilePrefix, "f}");
        }
        var key = File(folder);
        return (key + Slash, key + (char)(Slash + 1));
    }

    /// <summary>Every partition of files below a folder that is above any run's.</summary>
    public static (string From, string Below) PartitionsInside(string folder) => folder.Length == 0 ? ("!", "\uFFFF") : (Escape(folder) + Slash, Escape(folder) + (char)(Slash + 1));

    /// <summary>The path, from the root, of a row.</summary>
    public static string PathOf(string partition, string rowKey)
    {
        var rest = Unescape(rowKey[FilePrefix.Length..]);
        return rest.Length == 0 ? Unescape(partition) : $"{Unescape(partition)}/{rest}";
    }

    private static bool IsOwner(string name)
    {
        var id = name.StartsWith("m-", StringComparison.Ordinal) ? name[2..] : name.StartsWith("tr-", StringComparison.Ordinal) ? name[3..] : name;
        return id.Length == IdLength && id.All(char.IsAsciiHexDigitLower);
    }

    private static string Escape(string path)
    {
        var key = new StringBuilder(path.Length + 8);
        foreach (var c in path)
        {
            _ = c switch
            {
                '/' => key.Append(Slash),
                Escaped or Slash or '%' or '#' or '?' => key.Append(Escaped).Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
                _ => key.Append(c),
            };
        }
        return key.ToString();
    }

    private static string Unescape(string key)
    {
        var path = new StringBuilder(key.Length);
        for (var at = 0; at < key.Length; at++)
        {
            if (key[at] == Escaped)
            {
                path.Append((char)int.Parse(key.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 2;
            }
            else
            {
                path.Append(key[at] == Slash ? '/' : key[at]);
            }
        }
        return path.ToString();
    }
}
