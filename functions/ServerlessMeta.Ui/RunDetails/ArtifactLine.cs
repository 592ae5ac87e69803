namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A file or a folder in the tree.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Depth">How many folders it lies in.</param>
/// <param name="Size">In bytes; null: a folder.</param>
/// <param name="Address">Of the page that shows it.</param>
/// <param name="IsOpen">A folder whose content follows.</param>
/// <param name="IsShown">The file that is shown.</param>
public sealed record ArtifactLine(string Name, int Depth, long? Size, string Address, bool IsOpen, bool IsShown);
