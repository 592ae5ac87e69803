namespace ServerlessMeta.Search;

/// <summary>How people write queries over runs: the dialect's.</summary>
/// <param name="Fields">What they may name.</param>
/// <param name="Words">What the dialect says of a run that the store does not hold.</param>
public sealed record RunGrammar(FieldSchema Fields, RunWords Words);
