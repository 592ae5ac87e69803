using System.Text;

namespace ServerlessMeta.Environments;

/// <summary>
/// How packages are named across ecosystems: <c>{ecosystem}:{normal name}</c>. Python names are normal by PEP 503 (lower case; runs of <c>- _ .</c> are one -),
/// the others by lower case.
/// </summary>
internal static class PackageName
{
    public const int MaxLength = 214;

    private static readonly (Ecosystem Ecosystem, string Word)[] Words =
        [(Ecosystem.Python, "python"), (Ecosystem.Npm, "npm"), (Ecosystem.NuGet, "nuget"), (Ecosystem.Language, "language")];

    public static string WordOf(Ecosystem ecosystem) => Words[(int)ecosystem].Word;

    public static string Normal(Ecosystem ecosystem, string name)
    {
        var lower = name.ToLowerInvariant();
        if (ecosystem is not Ecosystem.Python)
        {
            return lower;
        }
        var normal = new StringBuilder(lower.Length);
        foreach (var c in lower)
        {
            if (c is not ('-' or '_' or '.'))
            {
                normal.Append(c);
            }
            else if (normal.Length == 0 || normal[^1] != '-')
            {
                normal.Append('-');
            }
        }
        return normal.ToString();
    }

    /// <summary>The key under which an environment has the package.</summary>
    public static string KeyOf(Ecosystem ecosystem, string name) => $"{WordOf(ecosystem)}:{Normal(ecosystem, name)}";

    /// <summary>Splits <c>npm:react</c>; a name without an ecosystem's word in front has none.</summary>
    public static (Ecosystem? Ecosystem, string Name) Split(string text)
    {
        foreach (var (ecosystem, word) in Words)
        {
            if (text.Length > word.Length && text[word.Length] == ':' && text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return (ecosystem, text[(word.Length + 1)..]);
            }
        }
        return (null, text);
    }

    /// <summary>The keys that a name in a query stands for, the first that an environment has counts.</summary>
    public static (Ecosystem Ecosystem, byte[] Key)[] Candidates(string text)
    {
        var (only, name) = Split(text);
        return [.. Words.Where(known => only is null || only == known.Ecosystem).Select(known => (known.Ecosystem, Encoding.UTF8.GetBytes(KeyOf(known.Ecosystem, name))))];
    }
}
