using System.Collections.Immutable;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Models;

/// <summary>A model card, made of the records.</summary>
public sealed record CardModel(ImmutableArray<CardPartModel> Parts)
{
    internal static CardModel Of(Card card) => new(
    [
        .. card.Parts.Select(static part => new CardPartModel
        {
            Id = part.Id,
            Title = part.Title,
            Written = part.Written is { } text ? new CardText(MarkdownText.Of(text.Text), text.Text, text.Author, text.At, text.Version) : null,
            IsWritten = CardSections.Names.Contains(part.Id, StringComparer.Ordinal),
            Claims = [.. part.Claims.Select(static claim => (claim.Name, claim.Value, claim.Record))],
            Columns = part.Table?.Columns ?? [],
            Rows = part.Table is { } table ? [.. table.Rows.Select(static row => (row.Cells, row.Record))] : [],
            More = part.Table?.More ?? 0,
        }),
    ]);
}
