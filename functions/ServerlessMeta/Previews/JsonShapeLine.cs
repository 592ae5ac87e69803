namespace ServerlessMeta.Previews;

/// <param name="Path">Such as <c>a.b[]</c>; empty for the document itself.</param>
/// <param name="Type">string, number, boolean, null, object or array.</param>
/// <param name="Count">The members of an object, the elements of an array.</param>
/// <param name="Value">A simple value as text.</param>
public sealed record JsonShapeLine(string Path, string Type, int? Count, string? Value);
