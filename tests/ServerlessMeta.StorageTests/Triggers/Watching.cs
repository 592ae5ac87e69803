using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Access;
using ServerlessMeta.Messages;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.Triggers;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>What tests of triggers share.</summary>
internal static class Watching
{
    /// <summary>A rule on the champion's one feature, sent to the broker.</summary>
    public const string Psi = """{"target": {"model": "bike"}, "when": {"signal": "dataDrift", "metric": "psi", "enter": 0.1, "exit": 0.06}, "mode": "auto"}""";

    public static DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static RuleDefinition Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var (definition, faults) = RuleBody.Read(document.RootElement, null);
        Assert.Empty(faults);
        return definition!;
    }

    public static async Task<Rule> SetRuleAsync(this Instance store, string json = Psi, string id = "r1") => Value(await store.Rules.PutAsync(id, Read(json), null, Ct)).Rule;

    /// <summary>The model "bike" with so many versions.</summary>
    public static async Task<MonitorTarget> RegisterBikeAsync(this Instance store, int versions = 1) => MonitorTarget.Of((await store.RegisterAsync("bike", versions)).Number, versions);

    public static WindowResult PsiOf(int day, double? psi, int revision = 1) => Window(day, revision) with { Columns = [Column("x", ColumnRole.Feature, Metric("psi", psi))] };

    public static WindowResult Window(int day, int revision = 1) => new()
    {
        Window = $"w{day}", Start = Start.AddDays(day), End = Start.AddDays(day + 1), Revision = revision, ComputedAt = Start, Baseline = 1, State = WindowState.Closed, Rows = 500, Predictions = 500, Labelled = 400,
    };

    public static ColumnResult Column(string name, ColumnRole role, params MetricResult[] metrics) =>
        new() { Column = name, Role = role, Kind = ColumnKind.Numeric, Status = MetricStatus.Ok, Verdict = metrics[0].Verdict, DecidedBy = metrics[0].Metric, Metrics = [.. metrics] };

    public static MetricResult Metric(string name, double? value, double? half = null, Verdict verdict = Verdict.None, double? reference = null) => new()
    {
        Metric = name, Status = value is null ? MetricStatus.EmptyWindow : MetricStatus.Ok, Value = value, Low = value - half, High = value + half, Method = "exact", CurrentCount = 400, ReferenceCount = 1000, Reference = reference,
        Verdict = verdict,
    };

    public static async Task<List<Trigger>> TriggersAsync(this Instance store) => [.. Value(await store.Triggers.ListAsync(new TriggerFilter(), 1000, null, Ct)).Items];

    public static async Task<List<TableEntity>> RowsAsync(this Instance store, (string From, string Below) range)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in store.TriggerTable.QueryAsync(range, Ct))
        {
            rows.Add(row);
        }
        return rows;
    }

    public static async Task AssertAuditedAsync(this Instance store, string rule = "r1")
    {
        var report = Value(await store.AuditVerifier.VerifyAsync($"rule:{rule}", Ct));
        Assert.Empty(report.Findings);
        string? token = null;
        do
        {
            var part = Value(await store.AuditVerifier.VerifyNextAsync(token, Ct));
            Assert.Empty(part.Findings);
            token = part.NextPageToken;
        }
        while (token is not null);
    }

    /// <summary>Results that are handed to whoever lists them, a broker that keeps what it gets, and nothing that is sent by itself.</summary>
    public static Action<IServiceCollection> With(RecordingBus? bus = null, ConcurrentDictionary<string, List<WindowResult>>? results = null) => services =>
    {
        if (bus is not null)
        {
            services.AddSingleton<IMessageBus>(bus);
        }
        services.AddSingleton<CountLabelled>((target, since, _) => Task.FromResult((results?.GetValueOrDefault(target.Key) ?? []).Where(result => result.Start >= since).Sum(static result => result.Labelled)));
        services.AddSingleton<ListResults>((target, from, ct) => ListAsync(results?.GetValueOrDefault(target.Key) ?? [], from, ct));
    };

    public static async Task<T> AsAsync<T>(string name, Func<Task<T>> call)
    {
        using var scope = new Caller(name, Role.Admin, "local").Act();
        return await call();
    }

    private static async IAsyncEnumerable<WindowResult> ListAsync(IEnumerable<WindowResult> results, DateTimeOffset? from, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var result in results.Where(result => from is null || result.Start >= from).OrderBy(static result => result.Start))
        {
            ct.ThrowIfCancellationRequested();
            yield return result;
        }
        await Task.CompletedTask;
    }
}

/// <summary>A broker on the other side of a wire: it keeps what it gets, and may be down.</summary>
internal sealed class RecordingBus : IMessageBus
{
    public ConcurrentQueue<(string Entity, OutgoingMessage Message)> Sent { get; } = new();

    public bool IsDown { get; set; }

    public int Attempts { get; private set; }

    public IEnumerable<JsonNode> Events => Sent.Select(static one => JsonNode.Parse(one.Message.Body.ToString())!);

    public Task SendAsync(string entity, OutgoingMessage message, CancellationToken ct)
    {
        Attempts++;
        if (IsDown)
        {
            throw new TimeoutException("The broker does not answer.");
        }
        Sent.Enqueue((entity, message));
        return Task.CompletedTask;
    }

    public Task<QueueCounts> CountAsync(string entity, CancellationToken ct) => Task.FromResult(new QueueCounts(Sent.Count, 0, false));

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string entity, long from, int count, CancellationToken ct) => Task.FromResult<IReadOnlyList<DeadLetter>>([]);

    public Task<bool> ReplayAsync(string entity, long sequenceNumber, CancellationToken ct) => Task.FromResult(false);
}
