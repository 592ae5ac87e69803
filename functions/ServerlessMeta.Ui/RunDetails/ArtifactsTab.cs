using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>The files of a run and of the models that it made: one place at a time, as a tree that is open where one looks; an operation for each open folder.</summary>
internal sealed class ArtifactsTab(ArtifactStore artifacts, ArtifactLocations locations, PreviewStore previews) : IRunTab
{
    public const string Address = "artifacts";
    private const int EntriesShown = 500;
    private const int MostOpen = 8;

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var (run, model) = (request.Run, request.Text("model"));
        if (model is not null && !run.Outputs.Any(output => output.ModelId == model))
        {
            return new Failure.NotFound("Logged model of the run", model.Length > 100 ? model[..100] : model);
        }
        var place = new Place(request.Id.ToString(), model, model is null ? locations.OfRun(run.Info) : locations.OfModel(run.Info, model));
        ImmutableArray<(string, string)> roots =
        [
            ("The run", place with { Model = null } is var own ? own.AddressOf("") : ""),
            .. run.Outputs.Select(output => ($"Model {output.ModelId}", (place with { Model = output.ModelId }).AddressOf(""))),
        ];
        var root = model is null ? "The run" : $"Model {model}";
        if (place.Folder is not { } folder)
        {
            return new ArtifactsModel(place.Run, roots, root, [], false, "The files of this run lie elsewhere: its experiment names another place for them.", null);
        }
        var path = request.Text("path") ?? "";
        StoredFile? file = null;
        if (path.Length > 0)
        {
            var below = folder.Below(path);
            if (!below.IsOk)
            {
                return below.Failure;
            }
            file = await artifacts.FindAsync(below.Value, ct);
        }
        var lines = ImmutableArray.CreateBuilder<ArtifactLine>();
        var isCut = await AddAsync(place, "", 0, path.Split('/', StringSplitOptions.RemoveEmptyEntries), file is not null, lines, ct);
        return new ArtifactsModel(place.Run, roots, root, lines.ToImmutable(), isCut, null, file is null ? null : await ShowAsync(place, path, file, ct));
    }

    private async Task<bool> AddAsync(Place place, string folder, int depth, string[] open, bool isFile, ImmutableArray<ArtifactLine>.Builder lines, CancellationToken ct)
    {
        var page = (await artifacts.ListAsync(place.Folder!.Value.Below(folder).Value, EntriesShown, null, ct)).Value;
        var isCut = page.Next is not null;
        foreach (var entry in page.Items.OrderByDescending(static entry => entry.IsFolder).ThenBy(static entry => entry.Name, StringComparer.OrdinalIgnoreCase))
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            var isOnWay = depth < open.Length && open[depth] == entry.Name;
            var isOpen = entry.IsFolder && isOnWay && depth < MostOpen;
            // Whoever opens an open folder closes it.
            lines.Add(new ArtifactLine(entry.Name, depth, entry.Size, place.AddressOf(isOpen && depth == open.Length - 1 ? folder : path), isOpen, isFile && isOnWay && depth == open.Length - 1));
            if (isOpen)
            {
                isCut |= await AddAsync(place, path, depth + 1, open, isFile, lines, ct);
            }
        }
        return isCut;
    }

    private async Task<FileModel> ShowAsync(Place place, string path, StoredFile file, CancellationToken ct)
    {
        var (json, _) = await previews.GetAsync(file, ct);
        var named = $"path={Uri.EscapeDataString(path)}{(place.Model is null ? "" : $"&model={place.Model}")}";
        return new FileModel(
            path, file.Size, file.Sha256, file.ContentType, file.StoredAt, JsonSerializer.Deserialize(json, PreviewsJson.Default.Preview)!,
            $"/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', file.Path.ToString().Split('/').Select(Uri.EscapeDataString))}",
            $"/api/v1/runs/{place.Run}/preview/thumbnail?{named}");
    }

    private sealed record Place(string Run, string? Model, ArtifactPath? Folder)
    {
        public string AddressOf(string path) =>
            $"/runs/{Run}?tab={ArtifactsTab.Address}{(Model is null ? "" : $"&model={Model}")}{(path.Length == 0 ? "" : $"&path={Uri.EscapeDataString(path)}")}";
    }
}
