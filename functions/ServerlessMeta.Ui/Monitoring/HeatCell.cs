namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A column in a window.</summary>
/// <param name="Address">Of the details.</param>
/// <param name="Text">The value, short.</param>
/// <param name="Title">All of it in a sentence.</param>
/// <param name="Kind"><c>good</c>, <c>warn</c>, <c>bad</c> or nothing.</param>
/// <param name="Strength">How strong its colour is, in percent: by the value relative to its threshold.</param>
/// <param name="IsChosen">Its details are shown.</param>
public sealed record HeatCell(string Address, string Text, string Title, string Kind, int Strength, bool IsChosen);
