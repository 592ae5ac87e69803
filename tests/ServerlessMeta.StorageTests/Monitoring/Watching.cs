using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.StorageTests.Monitoring;

/// <summary>Posts data of a monitor as requests do, and computes it.</summary>
internal static class Watching
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static readonly FoundTarget Found = new(MonitorTarget.Of("house"), "house", "/api/v1/monitors/house");

    public static readonly WatchOptions Labelled = new(
        new AnalysisOptions { Schema = new PredictionSchema(ModelTask.Binary, "id", "at", "said", null, null, "yes"), MinLabels = 10, MaxLabelLag = TimeSpan.FromDays(10) }, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An instance that notes what listeners are told, in order.</summary>
    public static Task<Instance> ListeningAsync(string connection, ConcurrentQueue<WindowResult> told, string? prefix = null, TimeProvider? time = null, FaultPolicy? faults = null) => Instance.StartAsync(
        connection, prefix, time, faults, collection => collection.AddSingleton<WindowEvaluated>((_, result, _) =>
        {
            told.Enqueue(result);
            return Task.CompletedTask;
        }));

    /// <summary>Rows of a window: an id, a time within it, a number, a prediction.</summary>
    public static string Rows(int from, int count, DateTimeOffset start, double shift = 0) => Rows(from, count, start, shift, TimeSpan.FromMinutes(1));

    public static string Rows(int from, int count, DateTimeOffset start, double shift, TimeSpan step)
    {
        var text = new StringBuilder("id,at,x,said\n");
        for (var row = from; row < from + count; row++)
        {
            var x = Math.Sin(row * 12.9898) * 43758.5453;
            text.Append(CultureInfo.InvariantCulture, $"p{row},{start + (step * (row - from)):O},{x - Math.Floor(x) + shift},{(row % 2 == 0 ? "yes" : "no")}\n");
        }
        return text.ToString();
    }

    public static async Task PostBaselineAsync(this Instance store, string rows, FoundTarget? of = null)
    {
        var (posted, faults) = await store.BaselineIntake.PostAsync(of ?? Found, Request(rows, "text/csv", "").Request, Ct);
        Assert.Empty(faults);
        Assert.True(posted.IsOk, posted.Failure?.Detail);
    }

    public static async Task<PostedPart> PostAsync(this Instance store, string rows, DateTimeOffset start, string? part = null, TimeSpan? length = null, FoundTarget? of = null)
    {
        var end = start + (length ?? TimeSpan.FromDays(1));
        var (posted, faults) = await store.WindowIntake.PostAsync(of ?? Found, Request(rows, "text/csv", $"?start={start:yyyy-MM-ddTHH:mm:ssZ}&end={end:yyyy-MM-ddTHH:mm:ssZ}{(part is null ? "" : $"&part={part}")}"), Ct);
        Assert.Empty(faults);
        Assert.True(posted.IsOk, posted.Failure?.Detail);
        return posted.Value;
    }

    public static Task<LabelBatch> LabelAsync(this Instance store, string batch, params IEnumerable<PostedLabel> labels) => store.LabelAsync(Found, batch, labels);

    public static async Task<LabelBatch> LabelAsync(this Instance store, FoundTarget of, string batch, params IEnumerable<PostedLabel> labels)
    {
        var posted = await store.Labels.PostAsync(of, batch, [.. labels], Ct);
        Assert.True(posted.IsOk, posted.Failure?.Detail);
        return posted.Value.Batch;
    }

    /// <summary>Labels of rows as <see cref="Rows(int, int, DateTimeOffset, double)"/> makes them: the prediction was right, or wrong.</summary>
    public static IEnumerable<PostedLabel> Labels(int from, int count, bool isRight = true, DateTimeOffset? predictedAt = null, long version = 0) =>
        Enumerable.Range(from, count).Select(row => new PostedLabel($"p{row}", row % 2 == 0 == isRight ? "yes" : "no", version, predictedAt, null));

    public static async Task<WindowResult> ResultAsync(this Instance store, DateTimeOffset start, FoundTarget? of = null) =>
        await store.Results.FindAsync((of ?? Found).Target, IdOf(start), Ct) ?? throw new InvalidOperationException($"Nothing was computed of the window at {start}.");

    public static string IdOf(DateTimeOffset start) => $"{start:yyyyMMdd'T'HHmmss'Z'}-{start.AddDays(1):yyyyMMdd'T'HHmmss'Z'}";

    public static double Accuracy(this WindowResult result) => result.Performance.Single(static metric => metric.Metric == "accuracy").Value!.Value;

    /// <summary>Everything in the table but for receipts, audit and instants, to compare what is left by different ways.</summary>
    public static async Task<List<string>> KeysAsync(this Instance store, char letter)
    {
        var keys = new List<string>();
        await foreach (var row in store.Storage.Monitoring.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Ct))
        {
            if (row.RowKey[0] == letter && row.RowKey[1] == '|')
            {
                keys.Add(row.RowKey);
            }
        }
        return keys;
    }

    private static DefaultHttpContext Request(string body, string contentType, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.ContentType = contentType;
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }
}
