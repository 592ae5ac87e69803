using System.Collections.Concurrent;
using System.Text.Json;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>snake_case names in camelCase.</summary>
internal static class CamelNames
{
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    public static string Of(string snake) => Known.GetOrAdd(snake, static name =>
    {
        var words = name.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
    });
}
