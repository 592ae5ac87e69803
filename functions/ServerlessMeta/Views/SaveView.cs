namespace ServerlessMeta.Views;

/// <summary>A view as it is sent, whole. Without a query it shows all runs; without <c>shared</c> its owner alone sees it.</summary>
public sealed record SaveView(string Name, string? Description, ViewQuery? Query, bool? Shared);
