namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A range of values, or a category.</summary>
/// <param name="Reference">The baseline's share, 0 to 1.</param>
/// <param name="Current">The window's.</param>
/// <param name="ReferenceWidth">The length of its bar, in percent of the longest.</param>
/// <param name="CurrentWidth">Of the window's.</param>
public sealed record DistributionBar(string Name, double Reference, double Current, int ReferenceWidth, int CurrentWidth);
