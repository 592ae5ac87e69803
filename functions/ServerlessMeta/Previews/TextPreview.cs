namespace ServerlessMeta.Previews;

/// <param name="Text">At most <see cref="PreviewLimits.TextLines"/> lines and <see cref="PreviewLimits.TextBytes"/>; never markup to be rendered.</param>
/// <param name="Lines">How many lines the file has; null when it was not read to its end.</param>
/// <param name="Complete">Whether the text is all there is.</param>
/// <param name="Note">What is wrong with the file, if anything is.</param>
public sealed record TextPreview(string Text, string Language, string Encoding, long? Lines, bool Complete, string? Note);
