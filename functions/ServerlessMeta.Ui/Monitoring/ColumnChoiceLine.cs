namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A column that can be chosen.</summary>
/// <param name="Text">Its name, and what is said of it.</param>
public sealed record ColumnChoiceLine(string Name, string Text, bool IsChosen);
