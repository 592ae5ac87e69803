using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Ui.Finding;

/// <summary>
/// Looks for a text in whatever the store holds, all at once: all experiments, models and versions; of runs those of the experiments that changed last, up to 20,000 each; of data by name. Some 30
/// operations, whatever the store's size.
/// </summary>
internal sealed class StoreSearch(ExperimentStore experiments, RunSearch runs, RunReader run, RegistryIndex registry, ArtifactVersionReader data, UiWords words)
{
    private const int MostArtifacts = 500;
    private const int LongestDetail = 120;

    /// <param name="text">At least two characters; less finds nothing.</param>
    /// <param name="max">Of each group.</param>
    public async Task<ImmutableArray<FoundGroup>> FindAsync(string text, int max, CancellationToken ct)
    {
        if (text.Length < 2)
        {
            return [];
        }
        var (named, indexed, artifacts) = (RunOfIdAsync(text, ct), registry.ReadAsync(ct), ArtifactsAsync(text, ct));
        var all = await experiments.ListAsync(ct);
        var found = await runs.FindTextAsync([.. RecentExperiments.Of(all, SearchLive.MostRecent).Select(static one => one.Id)], text, max + 1, ct);
        var models = await indexed ?? [];
        return
        [
            .. Group("Runs", await named is { } one ? [one] : found.Select(Of), max),
            .. Group("Experiments", all.Where(static experiment => experiment.Stage is LifecycleStage.Active).Select(experiment => Of(experiment, text)).OfType<FoundItem>(), max),
            .. Group("Models", models.Select(model => Of(model.Model, text)).OfType<FoundItem>(), max),
            .. Group("Model versions", models.SelectMany(model => model.Versions.Reverse().Select(version => Of(model.Model, version, text))).OfType<FoundItem>(), max),
            .. Group("Data", (await artifacts).Select(static artifact => new FoundItem(
                artifact.Name, $"/data/{Uri.EscapeDataString(artifact.Name)}", string.Create(CultureInfo.InvariantCulture, $"{ArtifactTypes.WordOf(artifact.Type)}, version {artifact.Latest}"))), max),
        ];
    }

    private static IEnumerable<FoundGroup> Group(string title, IEnumerable<FoundItem> items, int max)
    {
        var some = items.Take(max + 1).ToList();
        return some.Count == 0 ? [] : [new FoundGroup(title, [.. some.Take(max)], some.Count > max)];
    }

    private async Task<FoundItem?> RunOfIdAsync(string text, CancellationToken ct) =>
        RunId.TryParse(text, CultureInfo.InvariantCulture, out var id) && id != default && await run.FindChangeAsync(id, ct) is { } found ? new FoundItem(found.Name, $"/runs/{id}", "by its id") : null;

    private async Task<IEnumerable<Artifact>> ArtifactsAsync(string text, CancellationToken ct)
    {
        var first = (await data.ListAsync(null, "", MostArtifacts, null, ct)).Value;
        var found = first.Items.Where(one => Has(one.Name, text));
        // Beyond the first names only the beginning of a name can be looked for.
        return first.Next is null ? found : found.Concat((await data.ListAsync(null, text, MostArtifacts, null, ct)).Value.Items).DistinctBy(static one => one.Name, StringComparer.Ordinal);
    }

    private FoundItem Of(FoundText one) => new(
        one.Run.Name, $"/runs/{one.Run.Id}", one.Place is { } place ? $"{(place.Key == words.NoteTag ? "note" : one.IsTag ? $"tag {place.Key}" : $"param {place.Key}")}: {Short(place.Value)}" : $"in {one.Experiment.Name}");

    private FoundItem? Of(Experiment experiment, string text)
    {
        var address = $"/experiments/{experiment.Id}";
        return Has(experiment.Name, text) ? new FoundItem(experiment.Name, address) : Tagged(experiment.Tags, text) is { } place ? new FoundItem(experiment.Name, address, place) : null;
    }

    private FoundItem? Of(RegisteredModel model, string text)
    {
        var address = $"/models/{Uri.EscapeDataString(model.Name)}";
        return Has(model.Name, text) ? new FoundItem(model.Name, address)
            : Has(model.Description, text) ? new FoundItem(model.Name, address, Short(model.Description!))
            : Tagged(model.Tags, text) is { } place ? new FoundItem(model.Name, address, place)
            : null;
    }

    private FoundItem? Of(RegisteredModel model, ModelVersion version, string text)
    {
        var detail = Has(version.Description, text) ? Short(version.Description!)
            : Tagged(version.Tags, text) ?? (model.Aliases.Where(alias => alias.Value == version.Number && Has(alias.Key, text)).Select(static alias => $"alias {alias.Key}").FirstOrDefault());
        return detail is null ? null : new FoundItem(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name} {version.Number}"), string.Create(CultureInfo.InvariantCulture, $"/models/{Uri.EscapeDataString(model.Name)}/versions/{version.Number}"), detail);
    }

    private string? Tagged(ImmutableArray<Tag> tags, string text)
    {
        foreach (var tag in tags)
        {
            if (Has(tag.Value, text) || (Has(tag.Key, text) && !tag.Key.StartsWith(words.HiddenTags, StringComparison.Ordinal)))
            {
                return tag.Key == words.NoteTag ? $"note: {Short(tag.Value)}" : $"tag {tag.Key}: {Short(tag.Value)}";
            }
        }
        return null;
    }

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) is true;

    private static string Short(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail] + "…";
}
