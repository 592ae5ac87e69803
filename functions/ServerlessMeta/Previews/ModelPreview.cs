using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>What an <c>MLmodel</c> file says of its model.</summary>
public sealed record ModelPreview
{
    public string? Id { get; init; }

    public string? Uuid { get; init; }

    public string? RunId { get; init; }

    public string? CreatedAt { get; init; }

    public long? SizeBytes { get; init; }

    public string? PythonVersion { get; init; }

    /// <summary>The versions of the libraries that it names.</summary>
    public required ImmutableArray<ModelProperty> Versions { get; init; }

    public required ImmutableArray<ModelFlavor> Flavors { get; init; }

    public required ImmutableArray<SignatureField> Inputs { get; init; }

    public required ImmutableArray<SignatureField> Outputs { get; init; }

    public required ImmutableArray<SignatureField> Params { get; init; }
}
