namespace ServerlessMeta.Search;

/// <summary>That runs have a metric, a param or a tag.</summary>
/// <param name="Field">Which one.</param>
/// <param name="Runs">How many have it, of those that were looked at.</param>
/// <param name="Varies">Whether two of them differ in it.</param>
public sealed record FieldUse(Field Field, int Runs, bool Varies);
