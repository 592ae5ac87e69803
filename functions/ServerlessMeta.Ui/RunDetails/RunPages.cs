using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>The page of a run, a tab at a time, and the points that its charts ask for.</summary>
internal static class RunPages
{
    private const int MostKeys = 100;
    private const int MostPoints = 2500;
    private const int UsualPoints = 1000;

    private static readonly ImmutableArray<(string Name, string Title)> Tabs =
    [
        (SummaryTab.Address, "Summary"), (MetricsTab.Address, "Metrics"), (ArtifactsTab.Address, "Artifacts"), (InputsTab.Address, "Inputs and outputs"), (EnvironmentTab.Address, "Environment"),
        (AnomaliesTab.Address, "Anomalies"), (CommentsTab.Address, "Comments"), (AuditTab.Address, "Audit"),
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IRunTab, SummaryTab>();
        services.AddSingleton<IRunTab, MetricsTab>();
        services.AddSingleton<IRunTab, ArtifactsTab>();
        services.AddSingleton<IRunTab, InputsTab>();
        services.AddSingleton<IRunTab, EnvironmentTab>();
        services.AddSingleton<IRunTab, AnomaliesTab>();
        services.AddSingleton<IRunTab, CommentsTab>();
        services.AddSingleton<IRunTab, AuditTab>();
    }

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/runs/{id}", GetAsync);
        pages.MapGet("/runs/{id}/series", GetSeriesAsync);
    }

    private static async Task<IResult> GetAsync(
        string id, HttpRequest request, RunStore runs, ExperimentReader experiments, IEnumerable<IRunTab> tabs, UiWords words, CancellationToken ct, string? tab = null)
    {
        var name = string.IsNullOrEmpty(tab) ? SummaryTab.Address : tab;
        if (tabs.FirstOrDefault(one => one.Name == name) is not { } shown)
        {
            return Page.Fault("Not found", "A run has no such tab. Take one from its page.", StatusCodes.Status404NotFound);
        }
        if (!RunId.TryParse(id, CultureInfo.InvariantCulture, out var run) || await runs.FindAsync(run, ct) is not { } found)
        {
            return Page.Fault(new Failure.NotFound("Run", id.Length > 100 ? id[..100] : id));
        }
        var content = await shown.ReadAsync(new RunRequest(found, request), ct);
        return content.IsOk
            ? Page.Show<RunPage>(new RunModel(HeadOf(found, experiments.LastSeen(run.Experiment), words), name, Tabs, content.Value))
            : Page.Fault(content.Failure);
    }

    private static async Task<IResult> GetSeriesAsync(string id, HttpRequest request, MetricHistory history, CancellationToken ct, long? since = null, int? max = null)
    {
        var keys = request.Query["key"].OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (!RunId.TryParse(id, CultureInfo.InvariantCulture, out var run))
        {
            return Problems.From(new Failure.Invalid("id", "A run id has 32 hex digits."));
        }
        if (keys.Count is 0 or > MostKeys)
        {
            return Problems.From(new Failure.Invalid("key", $"Name 1 to {MostKeys} metrics."));
        }
        var found = await history.ReadAsync(run, keys, since ?? long.MinValue, ct);
        return found.IsOk ? SeriesJson.Answer(found.Value, Math.Clamp(max ?? UsualPoints, 2, MostPoints)) : Problems.From(found.Failure);
    }

    private static RunHead HeadOf(Run run, Experiment? experiment, UiWords words)
    {
        var info = run.Info;
        var commit = Tag(words.CommitTag);
        return new RunHead
        {
            Id = info.Id.ToString(),
            Name = info.Name,
            Status = RunWord.Of(info.Status),
            StatusKind = RunWord.Kind(info.Status),
            IsRunning = info.Status is RunStatus.Running or RunStatus.Scheduled,
            Position = RunsLive.PositionOf(run.Revision),
            IsDeleted = info.Stage is LifecycleStage.Deleted,
            ExperimentId = info.Id.Experiment.ToString(),
            ExperimentName = experiment?.Name ?? info.Id.Experiment.ToString(),
            User = info.UserId,
            StartedAt = info.StartedAt,
            EndedAt = info.EndedAt,
            Duration = info.EndedAt is { } end ? end > info.StartedAt ? end - info.StartedAt : TimeSpan.Zero : null,
            Source = Tag(words.SourceTag),
            Commit = commit,
            CommitAddress = CodeHost.CommitAt(Tag(words.RepositoryTag), commit),
            Parent = Tag(words.ParentTag) is { } parent && RunId.TryParse(parent, CultureInfo.InvariantCulture, out _) ? parent : null,
        };

        string? Tag(string key) => run.Tags.FirstOrDefault(tag => tag.Key == key).Value is { Length: > 0 } value ? value : null;
    }
}
