using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Table <c>files</c>: what lies at which path. The files of a run, a logged model or a trace (<c>.../{id}/artifacts</c>) share a partition named by that folder;
/// any other file lies in the partition of its first name. In keys '/' is '|', so that a folder's files are one range, and <c>^ | % # ?</c> are ^ and two hex digits:
/// <code>
/// f|{path in the folder}   a file, or a folder that must not become one
/// d|{SHA-256 of that}      the end of the audit's chain of a file that was deleted
/// </code>
/// </summary>
internal static class FileKeys
{
    private const string Artifacts = "artifacts";
    private const string FilePrefix = "f|";
    private const char Slash = '|';
    private const char Escaped = '^';
    private const int IdLength = 32;

    /// <summary>What a path takes in a key, in UTF-16 units and in bytes of UTF-8.</summary>
    public static (int Units, int Bytes) Measure(string path)
    {
        var key = Escape(path);
        return (FilePrefix.Length + key.Length, FilePrefix.Length + Encoding.UTF8.GetByteCount(key));
    }

    /// <summary>The partition of a path, and the path within it.</summary>
    public static (string Partition, string Inner) Split(ArtifactPath path)
    {
        var names = path.ToString().Split('/');
        var own = OwnRoot(names) is > 0 and var found ? found : 1;
        return (Escape(string.Join('/', names[..own])), string.Join('/', names[own..]));
    }

    /// <summary>Whether a path is a run's (a model's, a trace's) folder or lies below one: then everything below it is in one partition.</summary>
    public static bool IsInRoot(ArtifactPath path) => OwnRoot(path.ToString().Split('/')) > 0;

    /// <summary>The letters of rows that the audit knows files by.</summary>
    public const string RecordLetters = "fd";

    public static (string From, string Below) Files => (FilePrefix, "f}");

    /// <summary>What names a file in the keys of the audit: its path may be as long as a key.</summary>
    public static string ObjectKey(string inner) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inner)));

    public static string Ended(string objectKey) => $"d|{objectKey}";

    public static string ObjectOf(string rowKey) => rowKey[0] == FilePrefix[0] ? ObjectKey(Unescape(rowKey[FilePrefix.Length..])) : rowKey[2..];

    /// <summary>Where the rows of one file lie.</summary>
    public static IEnumerable<(string From, string Below)> RecordsOf(string fileRow, string objectKey) => [(fileRow, fileRow + ' '), (Ended(objectKey), Ended(objectKey) + '!')];

    public static string File(string rest) => FilePrefix + Escape(rest);

    /// <summary>Every file below a folder of a partition; the whole partition when the folder is its root.</summary>
    public static (string From, string Below) Inside(string folder)
    {
        if (folder.Length == 0)
        {
            return Files;
        }
        var key = File(folder);
        return (key + Slash, key + (char)(Slash + 1));
    }

    /// <summary>Whether a row is about the folder that gives its partition the name, or about a file of that name.</summary>
    public static bool IsFolderItself(string rowKey) => rowKey.Length == FilePrefix.Length;

    /// <summary>Where the folder begins whose name ends at <paramref name="slash"/> of a row's key.</summary>
    public static string Inside(string rowKey, int slash) => rowKey[..slash] + Slash;

    /// <summary>What comes after everything below a folder, given the folder's own key.</summary>
    public static string Behind(string folder) => folder + (char)(Slash + 1);

    /// <summary>Where the next slash stands in a key; -1: nowhere.</summary>
    public static int SlashAfter(string key, int from) => key.IndexOf(Slash, from);

    /// <summary>The name at the end of a key, behind its folder's.</summary>
    public static string NameIn(string key, int folderLength) => Unescape(key[folderLength..]);

    /// <summary>Every partition of files below a folder that is above any run's.</summary>
    public static (string From, string Below) PartitionsInside(string folder) => folder.Length == 0 ? ("", "\uFFFF") : (Escape(folder) + Slash, Escape(folder) + (char)(Slash + 1));

    /// <summary>The path, from the root, of a row.</summary>
    public static string PathOf(string partition, string rowKey)
    {
        var rest = Unescape(rowKey[FilePrefix.Length..]);
        return rest.Length == 0 ? Unescape(partition) : $"{Unescape(partition)}/{rest}";
    }

    // How many names the folder of a run, a model or a trace has; 0 when there is none on the way.
    private static int OwnRoot(string[] names)
    {
        for (var at = 1; at < names.Length; at++)
        {
            if (names[at] == Artifacts && IsOwner(names[at - 1]))
            {
                return at + 1;
            }
        }
        return 0;
    }

    private static bool IsOwner(string name)
    {
        var id = name.StartsWith("m-", StringComparison.Ordinal) ? name[2..] : name.StartsWith("tr-", StringComparison.Ordinal) ? name[3..] : name;
        return id.Length == IdLength && id.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>Whether a text could be a row's key: it has what <see cref="Escape"/> leaves.</summary>
    public static bool IsKey(string key)
    {
        for (var at = 0; at < key.Length; at++)
        {
            if (key[at] is '/' or '\\' or '#' or '?' or '%' || char.IsControl(key[at]) || (key[at] == Escaped && (at + 2 >= key.Length || !char.IsAsciiHexDigitLower(key[at + 1]) || !char.IsAsciiHexDigitLower(key[at + 2]))))
            {
                return false;
            }
        }
        return true;
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
