using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>The parts that people write. After Mitchell et al., "Model Cards for Model Reporting", 2019.</summary>
internal static class CardSections
{
    public const int HighestCharacters = 16 * 1024;

    /// <summary>What a property of a row takes.</summary>
    public const int HighestBytes = 60 * 1024;

    public static ImmutableArray<string> Names { get; } = ["purpose", "data", "metrics", "limits", "ethics", "maintenance"];

    /// <summary>The texts that hold for a version: of each part the newest of the highest version up to it.</summary>
    public static IReadOnlyDictionary<string, CardSection> Holding(IEnumerable<CardSection> all, int version) => all.Where(section => section.Version <= version)
        .GroupBy(static section => section.Name, StringComparer.Ordinal)
        .Select(static versions => versions.OrderByDescending(static section => section.Version).ThenByDescending(static section => section.Revision).First())
        .Where(static section => section.Text.Length > 0)
        .ToDictionary(static section => section.Name, StringComparer.Ordinal);
}
