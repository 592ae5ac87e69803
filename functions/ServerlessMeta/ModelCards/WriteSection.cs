namespace ServerlessMeta.ModelCards;

/// <summary>The body that writes a part of a card.</summary>
/// <param name="Text">Markdown; empty: the part is taken back.</param>
internal sealed record WriteSection(string Text);
