namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A window in the list of windows.</summary>
/// <param name="State">In words.</param>
public sealed record WindowLine(
    string Id, string Address, DateTimeOffset Start, DateTimeOffset End, string State, int Revision, long Rows, long Labelled, int Drifted, int Compared, string Verdict, string Kind, string Alerts, bool IsChosen);
