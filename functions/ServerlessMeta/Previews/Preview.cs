namespace ServerlessMeta.Previews;

/// <summary>What a file holds, in little: exactly the part that its kind names.</summary>
public sealed record Preview
{
    public required PreviewKind Kind { get; init; }

    /// <summary>Why there is no preview; null when there is one.</summary>
    public string? Reason { get; init; }

    public TablePreview? Table { get; init; }

    public ImagePreview? Image { get; init; }

    /// <summary>The beginning of a text; beside a model, its source.</summary>
    public TextPreview? Text { get; init; }

    public JsonShape? Json { get; init; }

    public ModelPreview? Model { get; init; }

    public MatrixPreview? Matrix { get; init; }

    public static Preview None(string reason) => new() { Kind = PreviewKind.None, Reason = reason };
}
