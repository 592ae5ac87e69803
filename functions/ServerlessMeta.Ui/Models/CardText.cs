using Microsoft.AspNetCore.Components;

namespace ServerlessMeta.Ui.Models;

/// <summary>What somebody wrote into a card.</summary>
/// <param name="Html">As it is shown.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="At">When.</param>
/// <param name="Version">For which version; it holds for later ones.</param>
public sealed record CardText(MarkupString Html, string Text, string Author, DateTimeOffset At, int Version);
