namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A window at the head of the map.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its start, short.</param>
/// <param name="Title">Its id and its time.</param>
/// <param name="IsChosen">Its details are shown.</param>
public sealed record HeatWindow(string Id, string Text, string Title, bool IsChosen);
