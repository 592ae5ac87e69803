using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// Table <c>loggedmodels</c>; an experiment's models lie in as many partitions as its runs, named alike and by the model id alone:
/// <code>
/// m|{model}                  a logged model: info, packed params p.., tags g.., metric series s.. and their points t..
/// </code>
/// </summary>
internal static class LoggedModelKeys
{
    public static (string From, string Below) Models => ("m|", "m}");

    public static string Partition(LoggedModelId id) => Partition(id.Experiment, id.Partition);

    public static string Partition(ExperimentId experiment, int partition) => RunKeys.Partition(experiment, partition);

    public static string Model(LoggedModelId id) => $"m|{id}";

    public static LoggedModelId ModelOf(string rowKey) => LoggedModelId.Parse(rowKey[2..], CultureInfo.InvariantCulture);
}
