using System.Globalization;
using System.Text.Json;

namespace ServerlessMeta.Tests.Monitoring;

/// <summary>One reference case. Close means within max(<see cref="RelTol"/> * |expected|, 1e-12); a tolerance of 0 means equal.</summary>
internal sealed class DriftCase(string id, JsonElement root)
{
    public double RelTol { get; } = root.GetProperty("relTol").GetDouble();

    public JsonElement Input { get; } = root.GetProperty("input");

    public JsonElement Expected { get; } = root.GetProperty("expected");

    /// <summary>The numbers of the reference's data set.</summary>
    public double[] A => DriftCases.Numbers(Input.GetProperty("a").GetString()!);

    /// <summary>The numbers of the window's data set.</summary>
    public double[] B => DriftCases.Numbers(Input.GetProperty("b").GetString()!);

    public string[] WordsA => DriftCases.Words(Input.GetProperty("a").GetString()!);

    public string[] WordsB => DriftCases.Words(Input.GetProperty("b").GetString()!);

    /// <param name="path">A name, or names joined by a slash.</param>
    public double InputNumber(string path) => DriftCases.Number(At(Input, path));

    public double[] InputNumbers(string path) => DriftCases.Numbers(At(Input, path));

    /// <summary>Rows of numbers.</summary>
    public double[][] InputTable(string path) => [.. At(Input, path).EnumerateArray().Select(DriftCases.Numbers)];

    public double ExpectedNumber(string path) => DriftCases.Number(At(Expected, path));

    public double[] ExpectedNumbers(string path) => DriftCases.Numbers(At(Expected, path));

    public int[] ExpectedIndices(string path) => [.. At(Expected, path).EnumerateArray().Select(static one => one.GetInt32())];

    public void Matches(string path, double actual) => Close(path, ExpectedNumber(path), actual);

    public void Matches(string path, IReadOnlyList<double> actual)
    {
        var expected = ExpectedNumbers(path);
        Assert.True(expected.Length == actual.Count, $"{id} {path}: expected {expected.Length} numbers, got {actual.Count}.");
        for (var i = 0; i < expected.Length; i++)
        {
            Close(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), expected[i], actual[i]);
        }
    }

    private static JsonElement At(JsonElement element, string path) => path.Split('/').Aggregate(element, static (at, name) => at.GetProperty(name));

    private void Close(string path, double expected, double actual)
    {
        if (expected.Equals(actual))
        {
            return;
        }
        var allowed = RelTol == 0 ? 0 : Math.Max(RelTol * Math.Abs(expected), 1e-12);
        Assert.True(Math.Abs(expected - actual) <= allowed, string.Create(CultureInfo.InvariantCulture, $"{id} {path}: expected {expected:R}, got {actual:R}."));
    }
}
