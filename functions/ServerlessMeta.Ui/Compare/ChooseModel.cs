namespace ServerlessMeta.Ui.Compare;

/// <summary>Nothing was chosen yet.</summary>
public sealed record ChooseModel;
