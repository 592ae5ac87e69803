namespace ServerlessMeta.Ui.Monitoring;

/// <param name="Text">What it says.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="IsChosen">It is what is shown.</param>
public sealed record PageLink(string Text, string Address, bool IsChosen);
