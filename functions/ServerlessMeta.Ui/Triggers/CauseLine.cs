namespace ServerlessMeta.Ui.Triggers;

/// <summary>A condition as it was when a trigger fired.</summary>
/// <param name="Columns">By what it was judged, the worst first.</param>
public sealed record CauseLine(string Text, bool Hit, long N, string Columns);
