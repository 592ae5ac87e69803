using System.Collections.Immutable;
using ServerlessMeta.Comments;

namespace ServerlessMeta.Ui.Models;

/// <summary>What was said and done.</summary>
public sealed record FeedModel
{
    /// <summary>Of the page, without a query: where older items are.</summary>
    public required string Address { get; init; }

    /// <summary>What the API calls the comments.</summary>
    public required string Api { get; init; }

    /// <summary>The newest first.</summary>
    public required ImmutableArray<FeedItemView> Items { get; init; }

    public string? Next { get; init; }

    /// <summary>Who reads: may change what they wrote.</summary>
    public required string Reader { get; init; }

    /// <summary>Whether the reader may write.</summary>
    public required bool CanWrite { get; init; }

    /// <summary>Whether the reader may take away what others wrote.</summary>
    public required bool IsAdmin { get; init; }

    /// <summary>The audit trail's page about the same.</summary>
    public required string Audit { get; init; }
}
