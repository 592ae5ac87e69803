namespace ServerlessMeta.ModelCards;

/// <summary>A part of a card that people write, in Markdown. It holds for its version and those after it, until one has a text of its own.</summary>
/// <param name="Name">One of <see cref="CardSections.Names"/>.</param>
/// <param name="Version">The version it was written for.</param>
/// <param name="Revision">The model's revision that wrote it: names the text for ever.</param>
/// <param name="Text">Markdown; empty: taken back.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="At">When.</param>
internal sealed record CardSection(string Name, int Version, long Revision, string Text, string Author, DateTimeOffset At);
