using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Live;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>Tells whoever follows an experiment, or the whole store, which runs were written: what a refresh of the experiment's index costs.</summary>
internal static class SearchLive
{
    /// <summary>So many experiments, those that changed last, have their runs followed by whoever follows the store.</summary>
    public const int MostRecent = 5;

    private const int MostSingly = 200;

    /// <summary>An experiment with its runs.</summary>
    public static LiveSource SourceOf(RunSearch search) => new()
    {
        Subject = "experiments/",
        LookAsync = async (name, since, ct) => ExperimentId.TryParse(name, CultureInfo.InvariantCulture, out var id) && await LookAsync(search, id, since, ct) is { } look
            ? look : new Failure.NotFound("Experiment", name),
    };

    /// <summary>The runs of the experiments that changed last.</summary>
    public static LiveSource SourceOf(RunSearch search, ExperimentStore experiments) => new()
    {
        Subject = "runs",
        LookAsync = async (_, since, ct) =>
        {
            var before = (since?.Split(' ') ?? []).Select(static one => one.Split('=')).Where(static one => one.Length == 2).DistinctBy(static one => one[0]).ToDictionary(static one => one[0], static one => one[1], StringComparer.Ordinal);
            var recent = RecentExperiments.Of(await experiments.ListAsync(ct), MostRecent);
            var looks = await Task.WhenAll(recent.Select(one => LookAsync(search, one.Id, since is null ? null : before.GetValueOrDefault(one.Id.ToString(), "?"), ct)));
            return new LiveLook(
                string.Join(' ', recent.Zip(looks, static (one, look) => $"{one.Id}={look?.Position}")),
                [.. looks.OfType<LiveLook>().SelectMany(static look => look.Changes)]);
        },
        IsOfAll = true,
    };

    /// <summary>Where an experiment and its runs stand.</summary>
    /// <param name="mark">Of its runs: <see cref="ExperimentChanges.Mark"/>.</param>
    public static string PositionOf(Experiment experiment, ulong mark) => string.Create(CultureInfo.InvariantCulture, $"{ExperimentsLive.PositionOf(experiment)}~{mark:x16}");

    private static async Task<LiveLook?> LookAsync(RunSearch search, ExperimentId id, string? since, CancellationToken ct)
    {
        var parts = since?.Split('~');
        ulong? mark = parts is [_, var text] && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read) ? read : null;
        if (await search.ChangesAsync(id, mark, ct) is not { } found)
        {
            return null;
        }
        var position = PositionOf(found.Experiment, found.Mark);
        var isKnown = mark is not null && parts![0] == ExperimentsLive.PositionOf(found.Experiment) && found.Changed is { Length: <= MostSingly };
        return since is null || since == position || !isKnown
            ? LiveLook.Of(since, position, ExperimentsLive.Event(found.Experiment) with { Position = position })
            : new LiveLook(position, [.. found.Changed!.Value.Select(static run => RunsLive.Event(run.Id, new RunChange(run.Name, run.Status, run.Revision)))]);
    }
}
