using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Experiments;

/// <summary>
/// Table <c>experiments</c>, one partition <c>experiments</c>, so that a create, rename or delete is one transaction:
/// <code>
/// c                          the number of the next experiment
/// e|{number:d13}             an experiment
/// n|{SHA-256 of its name}    the claim that makes the name unique
/// o|{number:d13}|{epoch:d6}  outbox: mark the runs of an experiment that was deleted or restored
/// </code>
/// </summary>
internal static class ExperimentKeys
{
    public const string Partition = "experiments";
    public const string Counter = "c";

    public static (string From, string Below) Experiments => ("e|", "e}");

    public static (string From, string Below) Outbox => ("o|", "o}");

    public static string Experiment(ExperimentId id) => $"e|{ObjectKey(id)}";

    /// <summary>The part of a row key that names the experiment.</summary>
    public static string ObjectKey(ExperimentId id) => string.Create(CultureInfo.InvariantCulture, $"{id.Number:d13}");

    public static string Name(string name) => "n|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static string Mark(ExperimentId id, int epoch) => string.Create(CultureInfo.InvariantCulture, $"o|{id.Number:d13}|{epoch:d6}");

    public static ExperimentId MarkedBy(string outboxKey) => new(long.Parse(outboxKey.AsSpan(2, 13), NumberStyles.None, CultureInfo.InvariantCulture));
}
