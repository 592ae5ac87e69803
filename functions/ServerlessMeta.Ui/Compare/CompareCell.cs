namespace ServerlessMeta.Ui.Compare;

/// <param name="Text">Null: this side has none.</param>
/// <param name="Whole">What the text stands for, where it is cut.</param>
/// <param name="Against">How far the value is from the first side's.</param>
/// <param name="IsBest">Of the row.</param>
public sealed record CompareCell(string? Text, string? Whole = null, string? Against = null, bool IsBest = false);
