namespace ServerlessMeta.Ui.Triggers;

/// <summary>A step from the cause of a trigger to its verdict.</summary>
/// <param name="Name">What kind of step it is.</param>
/// <param name="Text">What happened.</param>
/// <param name="Address">Where it is read; null: nowhere.</param>
/// <param name="At">When; null: not known, or not yet.</param>
/// <param name="Kind"><c>good</c>, <c>warn</c>, <c>bad</c>, <c>info</c>, or nothing while it is awaited.</param>
public sealed record ChainStep(string Name, string Text, string? Address, DateTimeOffset? At, string Kind);
