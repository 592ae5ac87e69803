using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What a run read and made: an operation for each logged model (up to twenty), one for each of the 16 partitions of artifacts, and the registry's index.</summary>
internal sealed class InputsTab(LoggedModelStore models, RegistrySearch registry, ArtifactVersionReader artifacts, UiWords words) : IRunTab
{
    public const string Address = "io";
    private const int ModelsRead = 20;
    private const int RowsShown = 200;

    private static readonly FieldSchema ByRun = new() { Prefixes = [], Attributes = [new FieldDefinition(RegistryFields.Run, FieldType.Text, ["run"])] };

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var run = request.Run;
        var byRun = RecordQuery.Parse($"run = '{request.Id}'", [], ByRun).Value;
        var (finding, listing) = (registry.SearchVersionsAsync(byRun, RowsShown, null, ct), artifacts.ListOfRunAsync(request.Id, RowsShown, null, ct));
        var read = await Task.WhenAll(run.Models.Select((model, place) => FindAsync(model.ModelId, null, place, ct)));
        var made = await Task.WhenAll(run.Outputs.Select((model, place) => FindAsync(model.ModelId, model.Step, place, ct)));
        var (versions, uses) = (await finding, await listing);
        return !versions.IsOk ? versions.Failure : !uses.IsOk ? uses.Failure : new InputsModel(
            request.Id.ToString(),
            [.. run.Datasets.Select(dataset => DatasetReader.Read(dataset, words.RunWords.ContextTag))],
            [.. read],
            [.. made],
            [.. versions.Value.Items.Select(static version => new VersionLine(version.Model.Name, version.Version.Number, version.Stage.ToString(), [.. version.Aliases]))],
            uses.Value.Items);
    }

    private async Task<LoggedModelLine> FindAsync(string id, long? step, int place, CancellationToken ct) =>
        place < ModelsRead && LoggedModelId.TryParse(id, null, out var known) && await models.FindAsync(known, ct) is { } model
            ? new LoggedModelLine(id, model.Name, model.Type, model.Status.ToString().ToLowerInvariant(), step)
            : new LoggedModelLine(id, null, null, null, step);
}
