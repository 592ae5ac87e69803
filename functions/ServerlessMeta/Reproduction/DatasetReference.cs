using System.Text.Json;
using ServerlessMeta.Datasets;

namespace ServerlessMeta.Reproduction;

/// <summary>How the data that a run read can be found and recognised.</summary>
/// <param name="Name">Of the dataset.</param>
/// <param name="Algorithm">md5 or sha256; null when there is no whole digest.</param>
/// <param name="Digest">The whole digest, or the short one that was recorded.</param>
/// <param name="Source">Where it lies; null when nobody said.</param>
internal sealed record DatasetReference(string Name, string? Algorithm, string Digest, string? Source)
{
    private static readonly (string Algorithm, int Length)[] Algorithms = [("sha256", 64), ("md5", 32)];
    private static readonly string[] SourceMembers = ["uri", "url", "path", "file"];

    /// <summary>A whole digest is an MD5 or SHA-256 in hex, as the dataset's digest (also behind <c>md5:</c> or <c>sha256:</c>) or as a tag of that name.</summary>
    public static DatasetReference Of(DatasetInput dataset)
    {
        var candidates = dataset.Tags.Select(static tag => (tag.Key, tag.Value)).Prepend((Key: "", Value: dataset.Digest)).ToList();
        foreach (var (algorithm, length) in Algorithms)
        {
            foreach (var (key, value) in candidates)
            {
                var hex = value.StartsWith(algorithm + ":", StringComparison.OrdinalIgnoreCase) ? value[(algorithm.Length + 1)..] : value;
                if (hex.Length == length && hex.All(char.IsAsciiHexDigit) && (key.Length == 0 || key.EndsWith(algorithm, StringComparison.OrdinalIgnoreCase)))
                {
                    return new DatasetReference(dataset.Name, algorithm, hex.ToLowerInvariant(), SourceOf(dataset.Source));
                }
            }
        }
        return new DatasetReference(dataset.Name, null, dataset.Digest, SourceOf(dataset.Source));
    }

    // A source is an address, or JSON that has one.
    private static string? SourceOf(string source)
    {
        var text = source.Trim();
        if (!text.StartsWith('{'))
        {
            return text.Length == 0 ? null : text;
        }
        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (var name in SourceMembers)
            {
                if (json.RootElement.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String && member.GetString() is { Length: > 0 } address)
                {
                    return address;
                }
            }
            return json.RootElement.EnumerateObject().Any(static member => member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)) ? text : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or ArgumentException)
        {
            return text;
        }
    }
}
