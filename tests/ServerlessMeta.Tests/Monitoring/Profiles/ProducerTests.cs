using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;
using ServerlessMeta.Tests.House;
using ServerlessMeta.Tests.Infra;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

/// <summary>
/// The examples of producers count rows as the store does. That in JavaScript is run always. That in Python is run where there is a Python; everywhere its output, kept in a file together with
/// the digests of the program and its input, is held against what the store counts. A program that changed without its output fails, so there is no place where nothing is tested.
/// Where there is a Python, <c>UPDATE_GOLDEN=1</c> writes that file.
/// </summary>
public sealed class ProducerTests : IDisposable
{
    private const string Folder = "tests/ServerlessMeta.Tests/Monitoring/Profiles/";
    private const string Golden = Folder + "profile.py.golden.json";
    private const string JavaScript = "tests/clients/profile.mjs";
    private const string Python = "tests/clients/profile.py";

    private readonly string folder = Directory.CreateTempSubdirectory("profile").FullName;

    private string RowsFile => Path.Combine(folder, "rows.csv");

    private string BaselineFile => Path.Combine(folder, "baseline.json");

    [Fact]
    public async Task JavaScript_counts_as_the_store_does()
    {
        var baseline = await WriteInputAsync();

        var (exitCode, output, error) = await Tool.RunAsync("node", [Repository.PathOf(JavaScript), RowsFile, BaselineFile]);

        Assert.True(exitCode == 0, error);
        await SameAsStoreAsync(output, baseline);
    }

    [Fact]
    public async Task Python_counts_as_the_store_does()
    {
        var baseline = await WriteInputAsync();
        var printed = await RunPythonAsync();
        if (printed is not null && Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(
                Repository.PathOf(Golden), new JsonObject { ["program"] = DigestOf(Repository.PathOf(Python)), ["rows"] = DigestOf(RowsFile), ["baseline"] = DigestOf(BaselineFile), ["printed"] = JsonNode.Parse(printed) }.ToJsonString() + "\n", TestContext.Current.CancellationToken);
        }
        var golden = JsonNode.Parse(Repository.Read(Golden))!;

        Assert.Equal(
            (DigestOf(Repository.PathOf(Python)), DigestOf(RowsFile), DigestOf(BaselineFile)),
            ((string?)golden["program"], (string?)golden["rows"], (string?)golden["baseline"]));
        await SameAsStoreAsync(golden["printed"]!.ToJsonString(), baseline);
        if (printed is not null)
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(printed), golden["printed"]), printed);
        }
    }

    [Theory]
    [InlineData("a,b\n1,x\nword,y\n", "Column a: 'word' is no number.")]
    [InlineData("b,c\nx,1\n", "There is no column a.")]
    public async Task JavaScript_refuses_what_it_cannot_count(string rows, string said)
    {
        await File.WriteAllTextAsync(RowsFile, rows, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(BaselineFile, """{"columns":[{"name":"a","kind":"numeric","edges":[0,1]},{"name":"b","kind":"categorical","categories":{}}]}""", TestContext.Current.CancellationToken);

        var (exitCode, _, error) = await Tool.RunAsync("node", [Repository.PathOf(JavaScript), RowsFile, BaselineFile]);

        Assert.Equal((1, said), (exitCode, error.Trim()));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>What it prints; null where there is no Python.</summary>
    private async Task<string?> RunPythonAsync()
    {
        try
        {
            var (exitCode, output, error) = await Tool.RunAsync("python3", [Repository.PathOf(Python), RowsFile, BaselineFile]);
            Assert.True(exitCode == 0, error);
            return output;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private async Task SameAsStoreAsync(string printed, DataProfile baseline)
    {
        var ct = TestContext.Current.CancellationToken;
        var store = (await Rows.ReadAsync(await File.ReadAllBytesAsync(RowsFile, ct), "text/csv", new RowIngestOptions { Baseline = baseline })).Profile;
        var faults = new List<Failure.Invalid>();
        using var document = JsonDocument.Parse(printed);

        var produced = ReadyProfile.Read(document.RootElement, "", baseline, faults);

        Assert.Empty(faults);
        Assert.Equal(store.Rows, produced!.Rows);
        Assert.Equal(baseline.Columns.Select(static column => column.Name), produced.Columns.Select(static column => column.Name));
        foreach (var column in produced.Columns)
        {
            Rows.Same(store.Column(column.Name) with { Registers = [], Distinct = null }, column);
        }
    }

    /// <summary>Rows with all that CSV may hold, and a baseline as it is answered.</summary>
    private async Task<DataProfile> WriteInputAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        string[] names = ["amount", "steps", "flat", "city", "flag", "few", "long"];
        string[] cities = ["Oslo", "\"Washington, D.C.\"", "\"the \"\"Big\"\" one\"", "Ñuñoa", "\"two\nlines\"", "NA", "", "🙂"];
        var trained = Rows.Csv(names, Enumerable.Range(0, 300).Select(i => new string?[]
        {
            Rows.Text(((i * 7_919) % 1_000 / 8.0) - 40), Rows.Text(i % 90), "2.5", cities[i % 4], i % 3 == 0 ? "True" : "False", Rows.Text(i % 5), new string((char)('a' + (i % 3)), 100 + (20 * (i % 3))),
        }));
        var current = Rows.Csv(names, Enumerable.Range(0, 240).Select(i => new string?[]
        {
            (i % 40) switch { 0 => "", 1 => "NaN", 2 => "-inf", 3 => "Infinity", 4 => "1e3", 5 => "-0", 6 => "1e-320", 7 => "null", 8 => " 12.5", var rest => Rows.Text((((i * 104_729) + rest) % 1_400 / 8.0) - 60) },
            (i % 97).ToString(CultureInfo.InvariantCulture),
            i % 9 == 0 ? "2.25" : i % 11 == 0 ? "2.75" : "2.50",
            cities[i % cities.Length],
            (i % 4) switch { 0 => "TRUE", 1 => "false", 2 => "N/A", _ => "true" },
            (i % 6) switch { 0 => "1.0", 1 => "01", 2 => "7", 3 => "None", 4 => "0.5", _ => "+3" },
            i % 5 == 0 ? "" : new string((char)('a' + (i % 4)), 120 + (10 * (i % 4))),
        }));
        var profile = (await Rows.CsvAsync(trained)).Profile;
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            ReadyProfile.Write(json, profile);
        }
        await File.WriteAllTextAsync(RowsFile, current, ct);
        await File.WriteAllBytesAsync(BaselineFile, buffer.WrittenSpan.ToArray(), ct);
        return profile;
    }

    /// <summary>Whatever a check-out made of its line ends.</summary>
    private static string DigestOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(path).ReplaceLineEndings("\n"))));
}
