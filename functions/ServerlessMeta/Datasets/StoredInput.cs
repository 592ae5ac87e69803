using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Datasets;

/// <summary>
/// What a run read and made (datasets, models, its environment) as pairs of texts: the key names it, the value is its JSON. A value too large for a table's property is kept in a blob, and the
/// pair holds the name, digest and tags, which searches need, and the blob's name.
/// </summary>
internal static class StoredInput
{
    private const int InlineBytes = 16 * 1024;
    private const string DatasetPrefix = "dataset|";
    private const string ModelPrefix = "model|";
    private const string OutputPrefix = "output|";

    /// <summary>The pair that has the digest of the run's environment.</summary>
    public const string EnvironmentKey = "environment|";

    /// <summary>The pair that has the digest of how the run was launched in it.</summary>
    public const string LaunchKey = "environment|launch";

    public static Tag Of(ModelInput model) => new(ModelPrefix + model.ModelId, "");

    public static Tag Of(ModelOutput output) => new(OutputPrefix + output.ModelId, output.Step.ToString(CultureInfo.InvariantCulture));

    public static string KeyOf(DatasetInput dataset) =>
        DatasetPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{dataset.Name}\n{dataset.Digest}")));

    /// <returns>The pair, and what must be in its blob before the pair is stored (null: nothing).</returns>
    public static (Tag Field, string? Blob, byte[]? Content) Of(string run, DatasetInput dataset)
    {
        var key = KeyOf(dataset);
        var whole = JsonSerializer.SerializeToUtf8Bytes(new DatasetRecord(dataset, null), DatasetJson.Stored.DatasetRecord);
        if (whole.Length <= InlineBytes)
        {
            return (new Tag(key, Encoding.UTF8.GetString(whole)), null, null);
        }
        var blob = $"{run}/{Convert.ToHexStringLower(SHA256.HashData(whole))}.json";
        var brief = new DatasetRecord(dataset with { Source = "", Schema = null, Profile = null }, blob);
        return (new Tag(key, JsonSerializer.Serialize(brief, DatasetJson.Stored.DatasetRecord)), blob, whole);
    }

    public static ImmutableArray<DatasetInput> Datasets(ImmutableArray<Tag> inputs) => [.. Records(inputs).Select(static record => record.Dataset)];

    public static ImmutableArray<ModelInput> Models(ImmutableArray<Tag> inputs) =>
        [.. inputs.Where(static input => input.Key.StartsWith(ModelPrefix, StringComparison.Ordinal)).Select(static input => new ModelInput(input.Key[ModelPrefix.Length..]))];

    public static ImmutableArray<ModelOutput> Outputs(ImmutableArray<Tag> inputs) =>
    [
        .. inputs.Where(static input => input.Key.StartsWith(OutputPrefix, StringComparison.Ordinal))
            .Select(static input => new ModelOutput(input.Key[OutputPrefix.Length..], long.Parse(input.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))),
    ];

    public static string? Environment(ImmutableArray<Tag> inputs) => inputs.FirstOrDefault(static input => input.Key == EnvironmentKey).Value;

    public static string? Launch(ImmutableArray<Tag> inputs) => inputs.FirstOrDefault(static input => input.Key == LaunchKey).Value;

    public static IEnumerable<DatasetRecord> Records(ImmutableArray<Tag> inputs) => inputs
        .Where(static input => input.Key.StartsWith(DatasetPrefix, StringComparison.Ordinal))
        .Select(static input => JsonSerializer.Deserialize(input.Value, DatasetJson.Default.DatasetRecord)!);
}
