using System.Globalization;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Views;

/// <summary>
/// Table <c>experiments</c>, partition <c>views</c>: what is saved of an experiment's table lies together, so that listing is one query and a change one transaction:
/// <code>
/// s|{number:d13}          the views of an experiment: the end of their audit chain
/// s|{number:d13}|{view}   a view
/// </code>
/// </summary>
internal static class ViewKeys
{
    public const string Partition = "views";

    /// <summary>The letter of audited rows.</summary>
    public const string RecordLetters = "s";

    public static string ObjectKey(ExperimentId experiment) => string.Create(CultureInfo.InvariantCulture, $"{experiment.Number:d13}");

    public static string Home(ExperimentId experiment) => $"s|{ObjectKey(experiment)}";

    public static string View(ExperimentId experiment, ViewId view) => $"s|{ObjectKey(experiment)}|{view}";

    /// <summary>The row that guards the views of an experiment, and then the views.</summary>
    public static (string From, string Below) All(ExperimentId experiment) => (Home(experiment), $"s|{ObjectKey(experiment)}}}");

    /// <summary>The views of an experiment alone.</summary>
    public static (string From, string Below) Views(ExperimentId experiment) => ($"s|{ObjectKey(experiment)}|", $"s|{ObjectKey(experiment)}}}");

    /// <summary>The view of a row.</summary>
    public static (ExperimentId Experiment, ViewId View) Read(string rowKey) =>
        (new ExperimentId(long.Parse(rowKey.AsSpan(2, 13), NumberStyles.None, CultureInfo.InvariantCulture)), ViewId.Parse(rowKey[16..], CultureInfo.InvariantCulture));
}
