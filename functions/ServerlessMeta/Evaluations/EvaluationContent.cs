using System.Collections.Immutable;
using System.Security.Cryptography;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Evaluations;

/// <summary>What is said of one evaluation: a model version measured on one content of a dataset, or on a slice of it.</summary>
public sealed record EvaluationContent
{
    public const int MostMetrics = 1000;
    public const int MostPlots = 100;
    public const int LongestName = 500;
    public const int LongestKey = 250;
    public const int LongestDigest = 128;
    public const int LongestUri = 2048;
    public const int LongestNote = 5000;

    public required string Dataset { get; init; }

    /// <summary>The digest of the dataset's content; hex in lower case.</summary>
    public required string Digest { get; init; }

    /// <summary>The part of the dataset that was looked at; null: all of it.</summary>
    public string? Slice { get; init; }

    /// <summary>At least one, in the ordinal order of their keys.</summary>
    public required ImmutableArray<EvaluationMetric> Metrics { get; init; }

    /// <summary>Who or what measured.</summary>
    public string? Evaluator { get; init; }

    /// <summary>The run that measured.</summary>
    public RunId? Run { get; init; }

    public ImmutableArray<EvaluationPlot> Plots { get; init; } = [];

    /// <summary>When it was measured, if that was said.</summary>
    public DateTimeOffset? At { get; init; }

    public string? Note { get; init; }

    /// <summary>Of metrics by name, whether more is better, if that was said; in the ordinal order of their names.</summary>
    public ImmutableSortedDictionary<string, bool> HigherIsBetter { get; init; } = NoDirections;

    internal static ImmutableSortedDictionary<string, bool> NoDirections { get; } = ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal);

    /// <summary>SHA-256 of it, the same however it was written.</summary>
    internal string Hash() => Convert.ToHexStringLower(SHA256.HashData(EvaluationContentJson.Write(this)));

    public EvaluationMetric? Find(string metric)
    {
        foreach (var one in Metrics)
        {
            if (one.Key == metric)
            {
                return one;
            }
        }
        return null;
    }
}
