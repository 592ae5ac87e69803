using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.App;
using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>
/// A whole pass of the drift timer, rules included, as the hosts' timers run it: 100 model versions, each with a rule, a baseline, a new window with predictions, and labels of a third of them; and a pass
/// that finds nothing. The store is in this process, so that the processor time is all its own.
/// </summary>
internal static class TimerBenchmark
{
    private const int Rows = 400;
    private const int Labelled = Rows / 3;
    private const int AtOnce = 4;
    private static readonly DateTimeOffset Day = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        await using var app = await StartAsync(rig);
        var few = await MeasureAsync(rig, app, "few", 20);
        var many = await MeasureAsync(rig, app, "many", 200);
        return
        [
            Figure.AtLeast($"a pass of the drift timer over {few.Versions} model versions with a new window each, 20 columns of 64 bins", 20, few.PerSecond, "versions/s", note: few.Note),
            Figure.AtMost("storage operations a version", 25, few.Operations, "operations", note: "the 16 queries of the pass among them"),
            Figure.AtMost("processor time a version", 20, few.Cpu, "ms CPU"),
            Figure.AtLeast("time of as many raw point reads, as a share of it", 0.3, few.Share, ""),
            Figure.AtLeast($"the same, 200 columns of 64 bins", 10, many.PerSecond, "versions/s", note: many.Note),
            Figure.AtMost("storage operations a version", 25, many.Operations, "operations"),
            Figure.AtMost("processor time a version", 60, many.Cpu, "ms CPU"),
            Figure.AtLeast("time of as many raw point reads, as a share of it", 0.3, many.Share, ""),
            Figure.AtMost("storage operations of a pass that finds nothing", 20, many.Idle, "operations", note: "16 queries for what changed; what rules ask for"),
        ];
    }

    private static async Task<WebApplication> StartAsync(Rig rig)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = 100 * 1024 * 1024);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:ConnectionString"] = rig.Storage });
        builder.Logging.ClearProviders();
        builder.Services.AddServerlessMeta(builder.Configuration, tokenRequired: false);
        var app = builder.Build();
        app.UseServerlessMeta();
        await app.Services.GetRequiredService<StorageClients>().EnsureAsync(CancellationToken.None);
        await app.StartAsync(CancellationToken.None);
        return app;
    }

    private static async Task<Pass> MeasureAsync(Rig rig, WebApplication app, string group, int columns)
    {
        var versions = rig.Pick(100, 5);
        Rig.Say($"{versions} model versions of {columns} columns");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        // Ids of their own for each window: a label joins every window that has its prediction.
        var (baseline, before, window, labels) = (Csv(columns, 0, Day.AddDays(-7)), Csv(columns, 2 * Rows, Day.AddDays(-1)), Csv(columns, Rows, Day), Labels());
        await EachAsync(versions, group, model => WatchAsync(http, model, baseline));
        // Of the day before first, so that what follows is as in an instance that has run for a while.
        await EachAsync(versions, group, model => PostAsync(http, model, before, Day.AddDays(-1), null));
        await TickAsync(app);
        await EachAsync(versions, group, model => PostAsync(http, model, window, Day, labels));

        var (operations, seconds, cpu) = await TickAsync(app);
        var (idle, _, _) = await TickAsync(app);
        using var shown = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/models/{group}-{versions - 1}/versions/1/drift", CancellationToken.None));
        if (shown.RootElement.GetProperty("labelled").GetInt32() != Labelled)
        {
            throw new InvalidOperationException($"The pass did not compute what was posted: {shown.RootElement}");
        }
        var raw = Read(rig, (int)operations);
        return new Pass(
            versions, versions / seconds, (double)operations / versions, cpu / versions, raw / seconds, idle,
            string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s; {operations:N0} operations, raw {operations / raw:N0} point reads/s"));
    }

    private static Task EachAsync(int versions, string group, Func<string, Task> send) => Parallel.ForAsync(
        0, versions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await send(string.Create(CultureInfo.InvariantCulture, $"{group}-{number}")));

    private static async Task<(long Operations, double Seconds, double Cpu)> TickAsync(WebApplication app)
    {
        using var scope = StorageMeter.Begin();
        var (started, before) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await app.Services.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Drift, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        return (scope.Tally.TableOperations + scope.Tally.BlobOperations, TimeProvider.System.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    // Of a row of one number, by eight connections: the least that so many operations take.
    private static double Read(Rig rig, int count)
    {
        var table = rig.Table("monitoring");
        table.UpsertEntity(new TableEntity("raw", "raw") { ["number"] = 1 });
        var read = new RawCall(new RecordedRequest("GET", $"/devstoreaccount1/{table.Name}(PartitionKey='raw',RowKey='raw')", [("Accept", "application/json;odata=nometadata"), ("x-ms-version", "2019-02-02")], []), "raw", "raw");
        var started = TimeProvider.System.GetTimestamp();
        Load.Do(LogLoad.Connections, rig.Tables, count, (connection, _) => Store.Must(connection, read.Send(connection)));
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WatchAsync(HttpClient http, string model, string baseline)
    {
        await SendAsync(http, HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", $$"""{"name":"{{model}}"}""");
        await SendAsync(http, HttpMethod.Post, "/api/2.0/mlflow/model-versions/create", $$"""{"name":"{{model}}","source":"s3://models/{{model}}"}""");
        await SendAsync(http, HttpMethod.Put, $"/api/v1/models/{model}/versions/1/monitoring", """{"schema":{"task":"binary","id":"id","time":"at","prediction":"said","positive":"yes"},"maxLabelLag":"P3000D","minLabels":50}""");
        await SendAsync(http, HttpMethod.Post, $"/api/v1/models/{model}/versions/1/baseline", baseline, "text/csv");
        await SendAsync(http, HttpMethod.Put, $"/api/v1/rules/{model}", $$"""{"target":{"model":"{{model}}"},"when":{"signal":"dataDrift","metric":"psi","enter":100},"mode":"auto"}""");
    }

    private static async Task PostAsync(HttpClient http, string model, string rows, DateTimeOffset start, string? labels)
    {
        await SendAsync(http, HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/{model}/versions/1/windows?start={start:yyyy-MM-ddTHH:mm:ssZ}&end={start.AddDays(1):yyyy-MM-ddTHH:mm:ssZ}"), rows, "text/csv");
        if (labels is not null)
        {
            await SendAsync(http, HttpMethod.Post, $"/api/v1/models/{model}/versions/1/labels", labels);
        }
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, string body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path} failed with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static string Csv(int columns, int from, DateTimeOffset start)
    {
        var random = new Random(from);
        var text = new StringBuilder("id,at,said").AppendJoin("", Enumerable.Range(0, columns).Select(static column => string.Create(CultureInfo.InvariantCulture, $",c{column:d3}"))).Append('\n');
        for (var row = from; row < from + Rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"p{row},{start.AddMinutes(row - from):O},{(row % 2 == 0 ? "yes" : "no")}");
            for (var column = 0; column < columns; column++)
            {
                text.Append(CultureInfo.InvariantCulture, $",{random.NextDouble():0.0000}");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Labels() => JsonSerializer.Serialize(new { labels = Enumerable.Range(Rows, Labelled).Select(static row => new { predictionId = $"p{row}", label = row % 3 == 0 ? "yes" : "no", predictionTime = Day }) });

    private sealed record Pass(int Versions, double PerSecond, double Operations, double Cpu, double Share, long Idle, string Note);
}
