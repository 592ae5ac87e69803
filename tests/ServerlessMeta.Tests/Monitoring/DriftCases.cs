using System.Globalization;
using System.Text.Json;

namespace ServerlessMeta.Tests.Monitoring;

/// <summary>
/// Reference figures of drift: small data sets, and cases with inputs, expected outputs and a relative tolerance, made with the libraries of the field.
/// Inputs <c>a</c> (the reference) and <c>b</c> (the window) name data sets; "NaN" and "Infinity" are strings.
/// </summary>
internal static class DriftCases
{
    private static readonly JsonElement Root = Read();

    public static IEnumerable<string> Ids => Root.GetProperty("cases").EnumerateArray().Select(static one => one.GetProperty("id").GetString()!);

    /// <summary>A data set of numbers.</summary>
    public static double[] Numbers(string name) => Numbers(Root.GetProperty("datasets").GetProperty(name));

    /// <summary>A data set of words, or of numbers as words.</summary>
    public static string[] Words(string name) => [.. Root.GetProperty("datasets").GetProperty(name).EnumerateArray().Select(static one => one.ToString())];

    public static DriftCase Get(string id) => new(id, Root.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id));

    public static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.GetString() == "Infinity" => double.PositiveInfinity,
        JsonValueKind.String when value.GetString() == "-Infinity" => double.NegativeInfinity,
        JsonValueKind.String when value.GetString() == "NaN" => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        var other => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A number was expected, not {other}.")),
    };

    public static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(Number)];

    private static JsonElement Read()
    {
        using var stream = typeof(DriftCases).Assembly.GetManifestResourceStream("drift-cases.json") ?? throw new InvalidDataException("drift-cases.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
