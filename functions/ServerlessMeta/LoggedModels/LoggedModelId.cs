using System.Diagnostics.CodeAnalysis;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>"m-" and 32 hex digits that route as a run's do: (experiment, partition, row) follow from the id alone.</summary>
public readonly record struct LoggedModelId : IParsable<LoggedModelId>, IComparable<LoggedModelId>
{
    private const string Prefix = "m-";

    private readonly RunId route;

    private LoggedModelId(RunId route) => this.route = route;

    public ExperimentId Experiment => route.Experiment;

    public int Partition => route.Partition;

    public static LoggedModelId New(ExperimentId experiment, int partitionBits, DateTimeOffset at) => new(RunId.New(experiment, partitionBits, at));

    /// <summary>The id that a key names: the same at every call.</summary>
    public static LoggedModelId Of(ExperimentId experiment, int partitionBits, string key) => new(RunId.Of(experiment, partitionBits, Prefix + key));

    public static LoggedModelId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no logged model id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LoggedModelId result)
    {
        result = default;
        if (s is null || !s.StartsWith(Prefix, StringComparison.Ordinal) || !RunId.TryParse(s[Prefix.Length..], provider, out var route))
        {
            return false;
        }
        result = new LoggedModelId(route);
        return true;
    }

    public int CompareTo(LoggedModelId other) => route.CompareTo(other.route);

    public override string ToString() => Prefix + route;
}
