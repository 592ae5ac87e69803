namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A window as a small square.</summary>
/// <param name="Address">Of the window.</param>
/// <param name="Start">When it starts.</param>
/// <param name="Kind">Its colour: <c>good</c>, <c>warn</c>, <c>bad</c> or nothing.</param>
/// <param name="Text">What it says.</param>
public sealed record StripCell(string Address, DateTimeOffset Start, string Kind, string Text);
