namespace ServerlessMeta.Views;

/// <summary>A view as it is answered; its ETag is made of the revision.</summary>
public sealed record SavedViewView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>What it shows, as an address of the table says it.</summary>
    public required ViewQuery Query { get; init; }

    /// <summary>Whether all who can read the experiment see it.</summary>
    public required bool Shared { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public required long Revision { get; init; }

    internal static SavedViewView From(SavedView view) => new()
    {
        Id = view.Id.ToString(),
        Name = view.Content.Name,
        Description = view.Content.Description,
        Query = view.Content.Query,
        Shared = view.Content.IsShared,
        Owner = view.Owner,
        CreatedAt = view.CreatedAt,
        UpdatedAt = view.UpdatedAt,
        UpdatedBy = view.UpdatedBy,
        Revision = view.Revision,
    };
}
