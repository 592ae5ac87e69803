using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Comments;

/// <summary>What is commented on. Models are named by their numbers, so that comments follow them when they are renamed.</summary>
public abstract record CommentSubject
{
    private CommentSubject()
    {
    }

    /// <summary>As the audit names it: <c>experiment:{id}</c>, <c>run:{id}</c>, <c>model:{number}</c>, <c>version:{model}:{version}</c>.</summary>
    public string Name => this switch
    {
        OfExperiment experiment => $"experiment:{experiment.Id}",
        OfRun run => $"run:{run.Id}",
        OfModel model => string.Create(CultureInfo.InvariantCulture, $"model:{model.Model}"),
        OfVersion version => string.Create(CultureInfo.InvariantCulture, $"version:{version.Model}:{version.Version}"),
        _ => throw new InvalidOperationException($"{GetType().Name} has no name."),
    };

    /// <summary>The number of the model that it is, or is of; null for others.</summary>
    internal long? ModelNumber => this switch
    {
        OfModel model => model.Model,
        OfVersion version => version.Model,
        _ => null,
    };

    /// <summary>What has a <see cref="Name"/>; null when nothing can.</summary>
    internal static CommentSubject? Read(string name) => name.Split(':') switch
    {
        ["experiment", var id] when ExperimentId.TryParse(id, null, out var experiment) => new OfExperiment(experiment),
        ["run", var id] when RunId.TryParse(id, null, out var run) => new OfRun(run),
        ["model", var number] when NumberOf(number) is { } model => new OfModel(model),
        ["version", var number, var version] when NumberOf(number) is { } model && NumberOf(version) is { } found => new OfVersion(model, found),
        _ => null,
    };

    private static int? NumberOf(string text) =>
        text.Length > 0 && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public sealed record OfExperiment(ExperimentId Id) : CommentSubject;

    public sealed record OfRun(RunId Id) : CommentSubject;

    public sealed record OfModel(long Model) : CommentSubject;

    public sealed record OfVersion(long Model, int Version) : CommentSubject;
}
