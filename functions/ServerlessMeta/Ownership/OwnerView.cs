namespace ServerlessMeta.Ownership;

/// <summary>Who answers for a run or an experiment; <c>owner</c> is null where nobody was named.</summary>
public sealed record OwnerView(string? Owner);
