namespace ServerlessMeta.Ui.ExperimentRuns;

/// <param name="Text">As a query names the field.</param>
/// <param name="Name">As people read it.</param>
/// <param name="IsShown">Whether it is a column now.</param>
public sealed record ColumnChoice(string Text, string Name, bool IsShown);
