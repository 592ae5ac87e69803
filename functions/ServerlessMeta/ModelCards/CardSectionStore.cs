using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ModelCards;

/// <summary>The parts of model cards that people write. No text is ever overwritten: each is a row of its own.</summary>
public sealed class CardSectionStore
{
    private readonly ModelWriter writer;
    private readonly ModelReader reader;

    internal CardSectionStore(ModelWriter writer, ModelReader reader) => (this.writer, this.reader) = (writer, reader);

    /// <summary>Writes a part for a version; an empty text takes it back. The same text again changes nothing.</summary>
    internal Task<Result<CardSection>> WriteAsync(string model, int version, string name, string text, CancellationToken ct) => writer.ChangeAsync<CardSection>(model, async (change, stop) =>
    {
        if (!change.Model.Has(version))
        {
            return new Failure.NotFound("ModelVersion", string.Create(CultureInfo.InvariantCulture, $"name={model}, version={version}"));
        }
        var holding = CardSections.Holding(await ListAsync(change.Model.Number, stop), version).GetValueOrDefault(name);
        if (holding is not null && holding.Version == version && holding.Text == text)
        {
            return holding;
        }
        if (holding is null && text.Length == 0)
        {
            return new CardSection(name, version, change.Before.Revision, text, change.By.Name, change.At);
        }
        var section = new CardSection(name, version, change.Model.Revision, text, change.By.Name, change.At);
        change.Record(CardSectionRow.From(change.Model.Number, section), before: null);
        change.Note("card.write", KeyValuePair.Create("version", version.ToString(CultureInfo.InvariantCulture)), KeyValuePair.Create("section", name));
        return section;
    }, ct);

    /// <summary>Of each part and version the text that was written last.</summary>
    internal async Task<ImmutableArray<CardSection>> ListAsync(long model, CancellationToken ct)
    {
        var sections = ImmutableArray.CreateBuilder<CardSection>();
        await foreach (var row in reader.QueryAsync(CardSectionKeys.Sections(model), ct))
        {
            // The newest of a part and version stands first.
            if (CardSectionRow.To(row) is var section && (sections.Count == 0 || sections[^1].Version != section.Version || sections[^1].Name != section.Name))
            {
                sections.Add(section);
            }
        }
        return sections.ToImmutable();
    }
}
