using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Search;

/// <summary>An experiment's runs as a Parquet file: the same as the JSON of them, in types of its own.</summary>
public sealed class ParquetExportTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_has_what_the_json_has()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        await LogAsync(experiment, "first", [("loss", 0.1), ("LOSS", -0.0), ("val/loss.a b-c", "NaN"), ("größe 列", "Infinity")], [("lr", "0.1"), ("опт.a/b c", "x\ny \"z\", é 🦊"), ("list", "[1, 2]")]);
        await LogAsync(experiment, "second 🦊", [("loss", 1e-300), ("val/loss.a b-c", 3), ("größe 列", "-Infinity"), ("only here", double.MaxValue)], [("lr", ""), ("list.element", "null")]);
        var last = await LogAsync(experiment, "", [], []);
        (await host.Api.PostAsync("runs/update", new { run_id = last, status = "FINISHED", end_time = 1_780_000_000_123 })).Ok();
        (await host.Api.PostAsync("runs/set-tag", new { run_id = last, key = "a.b/c", value = "tagged" })).Ok();
        const string Columns = "tags.`a.b/c`, artifact_uri";

        await SameAsync(experiment, []);
        await SameAsync(experiment, [("filter", "metrics.loss > 0"), ("order", "metrics.loss"), ("limit", "1")]);
        await SameAsync(experiment, [("columns", Columns), ("order", "end_time DESC")]);
        await SameAsync(experiment, [("filter", "metrics.loss > 5")]);
    }

    [Fact]
    public async Task Columns_have_types_and_nothing_is_guessed_of_a_text()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await LogAsync(experiment, "one", [("acc", 0.5)], [("depth", "3")]);
        (await host.Api.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_780_000_000_123 })).Ok();

        var (types, rows, _) = await ReadAsync(experiment, []);

        Assert.Equal(
            ["run_id text", "run_name text", "status text", "start_time UTC", "end_time UTC", "user_id text", "metrics.acc number", "params.depth text"], types);
        Assert.Equal(new DateTime(2026, 5, 28, 20, 26, 40, 123, DateTimeKind.Utc), rows.Single()["end_time"]);
    }

    [Fact]
    public async Task Experiment_without_runs_is_a_file_with_columns_and_no_rows()
    {
        var (types, rows, answer) = await ReadAsync(await host.Api.CreateExperimentAsync(), []);

        Assert.Equal(6, types.Count);
        Assert.Empty(rows);
        Assert.Equal("application/vnd.apache.parquet", answer.Content.Headers.ContentType?.ToString());
        Assert.Matches("^experiment-[0-9]+\\.parquet$", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
    }

    [Fact]
    public async Task Page_offers_it_beside_the_other_formats()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        await LogAsync(experiment, "one", [("acc", 0.5)], []);

        var page = (await host.Api.GetAsync($"/experiments/{experiment}", ("filter", "metrics.acc > 0"))).Text;

        Assert.Contains($"href=\"/api/v1/experiments/{experiment}/export?format=parquet&amp;filter=metrics.acc%20%3E%200\" download>Parquet</a>", page, StringComparison.Ordinal);
    }

    private async Task SameAsync(string experiment, (string Name, string Value)[] query)
    {
        var json = (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/export", [("format", "json"), .. query])).Ok().AsArray();
        var (_, rows, _) = await ReadAsync(experiment, query);

        var read = rows.Select(static row => string.Join('\n', row.Where(static cell => cell.Value is not null).Select(static cell => $"{cell.Key} = {Text(cell.Value!)}")));
        var expected = json.Select(static row => string.Join('\n', row!.AsObject().Select(static cell => $"{cell.Key} = {(cell.Value!.GetValueKind() is System.Text.Json.JsonValueKind.Number ? Text(cell.Value.GetValue<double>()) : cell.Value.ToString())}")));

        Assert.Equal(expected, read);
    }

    private static string Text(object value) => value switch
    {
        DateTime at => at.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private async Task<(List<string> Types, List<Dictionary<string, object?>> Rows, HttpResponseMessage Answer)> ReadAsync(string experiment, (string Name, string Value)[] query)
    {
        var address = $"/api/v1/experiments/{experiment}/export?format=parquet" + string.Concat(query.Select(static one => $"&{one.Name}={Uri.EscapeDataString(one.Value)}"));
        var answer = await host.Api.Http.GetAsync(address, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Ct)), cancellationToken: Ct);
        var fields = reader.Schema.DataFields;
        var rows = new List<Dictionary<string, object?>>();
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var part = reader.OpenRowGroupReader(group);
            var columns = new List<(string Name, object?[] Values)>();
            foreach (var field in fields)
            {
                columns.Add((field.Name, await ValuesAsync(part, field)));
            }
            rows.AddRange(Enumerable.Range(0, (int)part.RowCount).Select(row => columns.ToDictionary(static column => column.Name, column => column.Values[row])));
        }
        return ([.. fields.Select(static field => $"{field.Name} {(field is DateTimeDataField { IsAdjustedToUTC: true } ? "UTC" : field.ClrType == typeof(double) ? "number" : field.ClrType == typeof(ReadOnlyMemory<char>) ? "text" : "?")}")], rows, answer);
    }

    private static async Task<object?[]> ValuesAsync(ParquetRowGroupReader part, DataField field)
    {
        var count = (int)part.RowCount;
        if (field.ClrType == typeof(double))
        {
            var numbers = new double?[count];
            await part.ReadAsync<double>(field, numbers, cancellationToken: Ct);
            return [.. numbers.Cast<object?>()];
        }
        if (field.ClrType == typeof(DateTime))
        {
            var instants = new DateTime?[count];
            await part.ReadAsync<DateTime>(field, instants, cancellationToken: Ct);
            return [.. instants.Cast<object?>()];
        }
        var texts = new string[count];
        await part.ReadAsync(field, texts, cancellationToken: Ct);
        return [.. texts];
    }

    private async Task<string> LogAsync(string experiment, string name, (string Key, object Value)[] metrics, (string Key, string Value)[] parameters)
    {
        var run = await host.Api.CreateRunAsync(experiment, new { run_name = name, start_time = 1_780_000_000_000 });
        var body = new JsonObject
        {
            ["run_id"] = run,
            ["metrics"] = new JsonArray([.. metrics.Select(static one => new JsonObject { ["key"] = one.Key, ["value"] = JsonValue.Create(one.Value), ["timestamp"] = 1, ["step"] = 0 })]),
            ["params"] = new JsonArray([.. parameters.Select(static one => new JsonObject { ["key"] = one.Key, ["value"] = one.Value })]),
        };
        (await host.Api.PostAsync("runs/log-batch", body)).Ok();
        return run;
    }
}
