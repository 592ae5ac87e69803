using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

/// <summary>Rows for tests, and what is made of them.</summary>
internal static class Rows
{
    public static Task<RowIngest> CsvAsync(string csv, RowIngestOptions? options = null) => ReadAsync(Encoding.UTF8.GetBytes(csv), "text/csv", options);

    public static Task<RowIngest> JsonAsync(string json, RowIngestOptions? options = null) => ReadAsync(Encoding.UTF8.GetBytes(json), "application/json", options);

    public static async Task<RowIngest> ReadAsync(byte[] body, string type, RowIngestOptions? options = null)
    {
        var faults = new RowFaults();
        var read = await RowIngest.ReadAsync(new MemoryStream(body), type, options ?? new(), faults, TestContext.Current.CancellationToken);
        Assert.True(read is not null, string.Join('\n', faults.All.Select(static fault => $"{fault.Field}: {fault.Detail}")));
        return read;
    }

    public static async Task<IReadOnlyList<(string Field, string Detail)>> FaultsAsync(byte[] body, string type, RowIngestOptions? options = null)
    {
        var faults = new RowFaults();
        Assert.Null(await RowIngest.ReadAsync(new MemoryStream(body), type, options ?? new(), faults, TestContext.Current.CancellationToken));
        return [.. faults.All.Select(static fault => (fault.Field, fault.Detail))];
    }

    public static Task<IReadOnlyList<(string Field, string Detail)>> FaultsAsync(string csv, RowIngestOptions? options = null) => FaultsAsync(Encoding.UTF8.GetBytes(csv), "text/csv", options);

    public static string Csv(string[] names, IEnumerable<string?[]> rows) =>
        new StringBuilder().AppendJoin(',', names).Append('\n').AppendJoin("", rows.Select(static row => string.Join(',', row) + "\n")).ToString();

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The profile of columns without a baseline.</summary>
    public static Task<DataProfile> ProfileAsync(params (string Name, double?[] Values)[] columns) => ProfileAsync(null, columns);

    public static async Task<DataProfile> ProfileAsync(DataProfile? baseline, params (string Name, double?[] Values)[] columns) =>
        (await CsvAsync(
            Csv([.. columns.Select(static column => column.Name), "end"], Enumerable.Range(0, columns[0].Values.Length).Select(row => columns.Select(column => column.Values[row] is { } value ? Text(value) : "").Append("x").ToArray<string?>())),
            new RowIngestOptions { Baseline = baseline })).Profile;

    public static ColumnProfile Column(this DataProfile profile, string name) => Assert.IsType<ColumnProfile>(profile.Find(name));

    /// <summary>Equal but for moments, which may differ by rounding.</summary>
    public static void Same(DataProfile expected, DataProfile actual)
    {
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Columns.Select(static column => column.Name), actual.Columns.Select(static column => column.Name));
        foreach (var (one, other) in expected.Columns.Zip(actual.Columns))
        {
            Same(one, other);
        }
        Close(expected.CoMoments, actual.CoMoments);
        Assert.Equal(expected.Sample is null, actual.Sample is null);
        if (expected.Sample is { } sample)
        {
            Assert.Equal(sample.From, actual.Sample!.From);
            Assert.Equal(sample.Columns, actual.Sample.Columns);
            Assert.Equal(sample.Rows.Select(static row => string.Join('|', row.Select(static cell => cell ?? "\0"))), actual.Sample.Rows.Select(static row => string.Join('|', row.Select(static cell => cell ?? "\0"))));
        }
    }

    public static void Same(ColumnProfile expected, ColumnProfile actual)
    {
        Assert.Equal(
            (expected.Name, expected.Kind, expected.Count, expected.Missing, expected.Infinite, expected.Min, expected.Max, expected.Distinct, expected.IsApproximate),
            (actual.Name, actual.Kind, actual.Count, actual.Missing, actual.Infinite, actual.Min, actual.Max, actual.Distinct, actual.IsApproximate));
        Assert.Equal(expected.Registers, actual.Registers);
        Counts(expected, actual);
        Close(expected.Moments, actual.Moments);
    }

    public static void Counts(ColumnProfile expected, ColumnProfile actual)
    {
        Assert.Equal(expected.Bins is null, actual.Bins is null);
        if (expected.Bins is { } bins)
        {
            Assert.Equal(bins.Edges, actual.Bins!.Edges);
            Assert.Equal(bins.Counts, actual.Bins.Counts);
            Assert.Equal((bins.Below, bins.Above), (actual.Bins.Below, actual.Bins.Above));
        }
        Assert.Equal(expected.Categories is null, actual.Categories is null);
        if (expected.Categories is { } categories)
        {
            Assert.Equal(categories.Counts, actual.Categories!.Counts);
            Assert.Equal((categories.Other, categories.IsExact), (actual.Categories.Other, actual.Categories.IsExact));
        }
    }

    public static void Close(Moments expected, Moments actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        // Rounding is to be seen against what the values are, not against differences that nearly vanish.
        var deviation = Math.Sqrt(expected.Variance);
        var size = Math.Max(Math.Abs(expected.Mean), deviation);
        Assert.Equal(expected.Mean, actual.Mean, 1e-9 * size);
        var n = Math.Max(1, expected.Count);
        Assert.Equal(expected.M2 / n, actual.M2 / n, Math.Min((1e-9 * size * deviation) + 1e-300, 1e300));
        Assert.Equal(expected.M3 / n, actual.M3 / n, Math.Min((1e-9 * size * deviation * deviation) + 1e-300, 1e300));
        Assert.Equal(expected.M4 / n, actual.M4 / n, Math.Min((1e-9 * size * deviation * deviation * deviation) + 1e-300, 1e300));
    }

    public static void Close(CoMoments? expected, CoMoments? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is null)
        {
            return;
        }
        Assert.Equal(expected.Columns, actual!.Columns);
        Assert.Equal(expected.Count, actual.Count);
        var d = expected.Columns.Length;
        for (var i = 0; i < d; i++)
        {
            Assert.Equal(expected.Mean[i], actual.Mean[i], 1e-9 * (1 + Math.Abs(expected.Mean[i])));
            for (var j = 0; j < d; j++)
            {
                Assert.Equal(expected.Scatter[(i * d) + j], actual.Scatter[(i * d) + j], 1e-9 * (1 + Math.Sqrt(expected.Scatter[(i * d) + i] * expected.Scatter[(j * d) + j])));
            }
        }
    }
}
