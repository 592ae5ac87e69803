using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Models;

/// <summary>A part of a card.</summary>
public sealed record CardPartModel
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Null: nobody wrote it.</summary>
    public CardText? Written { get; init; }

    /// <summary>Whether people may write it.</summary>
    public required bool IsWritten { get; init; }

    /// <summary>What the records say; null: nothing is recorded.</summary>
    public required ImmutableArray<(string Name, string? Value, string? Record)> Claims { get; init; }

    public ImmutableArray<string> Columns { get; init; } = [];

    public ImmutableArray<(ImmutableArray<string> Cells, string Record)> Rows { get; init; } = [];

    /// <summary>Rows that are recorded beside those.</summary>
    public int More { get; init; }
}
