namespace ServerlessMeta.Ui.Parts;

/// <param name="Name">Of the language or the client.</param>
/// <param name="Code">What is copied.</param>
public sealed record Snippet(string Name, string Code);
