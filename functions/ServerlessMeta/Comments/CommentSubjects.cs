using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Comments;

/// <summary>Finds what the path of a request names, if it is there; deleted runs and experiments are, for they can come back.</summary>
internal sealed class CommentSubjects(ExperimentStore experiments, RunReader runs, ModelReader models)
{
    private const int ReadAtOnce = 8;

    public async Task<Result<FoundSubject>> FindExperimentAsync(string experimentId, CancellationToken ct) =>
        ExperimentId.TryParse(experimentId, CultureInfo.InvariantCulture, out var id) && await experiments.FindAsync(id, ct) is not null
            ? new FoundSubject(new CommentSubject.OfExperiment(id), null)
            : new Failure.NotFound("Experiment", Short(experimentId));

    public async Task<Result<FoundSubject>> FindRunAsync(string runId, CancellationToken ct) =>
        !RunId.TryParse(runId, CultureInfo.InvariantCulture, out var id) ? new Failure.Invalid("runId", "A run id is expected: 32 hex digits.")
        : await runs.ExistsAsync(id, ct) ? new FoundSubject(new CommentSubject.OfRun(id), null)
        : new Failure.NotFound("Run", runId);

    public async Task<Result<FoundSubject>> FindModelAsync(string name, CancellationToken ct) => await models.FindAsync(name, ct) is { } model
        ? new FoundSubject(new CommentSubject.OfModel(model.Number), model.Name)
        : new Failure.NotFound(ModelWriter.Kind, Short(name));

    public async Task<Result<FoundSubject>> FindVersionAsync(string name, string version, CancellationToken ct)
    {
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new Failure.Invalid("version", "A version's number is expected.");
        }
        return await models.FindAsync(name, ct) is not { } model ? new Failure.NotFound(ModelWriter.Kind, Short(name))
            : model.Has(number) ? new FoundSubject(new CommentSubject.OfVersion(model.Number, number), model.Name)
            : new Failure.NotFound("ModelVersion", string.Create(CultureInfo.InvariantCulture, $"name={Short(model.Name)}, version={number}"));
    }

    /// <summary>Mentions with the names that their models have now: one operation for each model.</summary>
    public async Task<IEnumerable<FoundMention>> NameModelsAsync(IReadOnlyCollection<FoundMention> mentions, CancellationToken ct)
    {
        var names = new Dictionary<long, string?>();
        foreach (var some in mentions.Select(static mention => mention.Subject.ModelNumber).OfType<long>().Distinct().Chunk(ReadAtOnce))
        {
            foreach (var (number, name) in await Task.WhenAll(some.Select(async number => (number, await models.FindNameAsync(number, ct)))))
            {
                names[number] = name;
            }
        }
        return mentions.Select(mention => mention.Subject.ModelNumber is { } number ? mention with { Model = names[number] } : mention);
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "...";
}
