namespace ServerlessMeta.Environments;

/// <summary>Something in a file that its reader does not understand.</summary>
/// <param name="Source">The file.</param>
/// <param name="Line">Counted from 1; 0 for the file as a whole.</param>
/// <param name="Text">The beginning of the line, or what is wrong.</param>
public sealed record UnreadLine(string Source, int Line, string Text);
