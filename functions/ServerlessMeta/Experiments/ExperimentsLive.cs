using System.Globalization;
using ServerlessMeta.Live;

namespace ServerlessMeta.Experiments;

/// <summary>Tells whoever follows the list of experiments what became of them, not of their runs: one operation for a thousand.</summary>
internal static class ExperimentsLive
{
    public const string Type = "experiment.changed.v1";
    private const string Subject = "experiments";

    public static LiveSource SourceOf(ExperimentStore store)
    {
        var list = new LiveList(static position => new LiveEvent("experiments.changed.v1", Subject, position));
        return new LiveSource
        {
            Subject = Subject,
            LookAsync = async (_, since, ct) => list.Look([.. (await store.ListAsync(ct)).Select(static one => (one.Id.ToString(), Event(one)))], since),
            IsOfAll = true,
        };
    }

    /// <summary>How an experiment itself stands.</summary>
    public static string PositionOf(Experiment experiment) => string.Create(CultureInfo.InvariantCulture, $"{experiment.UpdatedAt.ToUnixTimeMilliseconds()}.{experiment.Epoch}");

    public static LiveEvent Event(Experiment experiment) => new(Type, $"experiments/{experiment.Id}", PositionOf(experiment)) { Data = new LiveData(experiment.Name) };
}
