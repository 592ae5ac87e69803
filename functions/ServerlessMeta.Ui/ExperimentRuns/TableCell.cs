namespace ServerlessMeta.Ui.ExperimentRuns;

/// <param name="Text">Null: the run has nothing there.</param>
/// <param name="Title">More of it, where the text is shortened.</param>
/// <param name="IsNumber">Stands at the right.</param>
/// <param name="Heat">How good it is among all, from 0 to 100; null: not told.</param>
public sealed record TableCell(string? Text, string? Title, bool IsNumber, int? Heat);
