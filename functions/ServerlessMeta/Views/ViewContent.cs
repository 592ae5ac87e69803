namespace ServerlessMeta.Views;

/// <summary>What the owner of a view says of it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Description">What it is for; null when nobody said.</param>
/// <param name="Query">What it shows.</param>
/// <param name="IsShared">Whether all who can read the experiment see it; else its owner alone does.</param>
public sealed record ViewContent(string Name, string? Description, ViewQuery Query, bool IsShared);
