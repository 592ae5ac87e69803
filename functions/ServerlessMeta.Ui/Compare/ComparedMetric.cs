using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <summary>A metric of all sides.</summary>
/// <param name="Name">The metric's.</param>
/// <param name="On">The dataset, and the slice of it; null: that is not known.</param>
/// <param name="HigherIsBetter">Null: nobody knows.</param>
/// <param name="IsHeldOut">Whether it was measured on data that training did not see, as far as its name says.</param>
/// <param name="IsComparable">Whether all values come of the same content of the dataset.</param>
/// <param name="Values">Of each side; null: it was not measured.</param>
public sealed record ComparedMetric(string Name, string? On, bool? HigherIsBetter, bool IsHeldOut, bool IsComparable, ImmutableArray<double?> Values)
{
    public string Title => On is null ? Name : $"{Name} on {On}";

    public bool Differs => Values.Distinct().Skip(1).Any();

    /// <summary>Whether it says which side is better: all were measured alike, and it is known what is better.</summary>
    public bool Tells => HigherIsBetter is not null && IsComparable && Values.All(static value => value is { } number && double.IsFinite(number));

    /// <summary>The best of what was measured; null when nothing can be said, or when all are equal.</summary>
    public double? Best => HigherIsBetter is not { } higher || !IsComparable || !Differs ? null
        : Values.OfType<double>().Where(double.IsFinite).ToList() is { Count: > 1 } known ? higher ? known.Max() : known.Min() : null;
}
