namespace ServerlessMeta.ModelCards;

/// <summary>A part of a card that people wrote, as the API answers it.</summary>
internal sealed record CardSectionView(string Name, string Text, int Version, long Revision, string Author, DateTimeOffset At)
{
    public static CardSectionView From(CardSection section) => new(section.Name, section.Text, section.Version, section.Revision, section.Author, section.At);
}
