using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>The tags of models and versions: which of them stand in rows of their own, and what there is room for.</summary>
public sealed class ModelTags
{
    /// <summary>Large values that one record has.</summary>
    internal const int MostLarge = 50;

    /// <summary>What the large values of one record take, in bytes of UTF-8.</summary>
    internal const int MostLargeBytes = 4_000_000;

    /// <summary>What the large values of one call take: they are written in one transaction, with all else that it changes.</summary>
    internal const int MostLargeBytesOfCall = 1_000_000;

    private readonly ModelReader reader;

    internal ModelTags(ModelReader reader) => this.reader = reader;

    /// <summary>Every tag of a model: its row's, then those with large values. One operation when there are such.</summary>
    public Task<ImmutableArray<Tag>> AllAsync(RegisteredModel model, CancellationToken ct) => AllAsync(model.Number, 0, model.Tags, model.LargeTags, false, ct);

    /// <summary>Every tag of a version: its row's, then those with large values. One operation when there are such.</summary>
    public Task<ImmutableArray<Tag>> AllAsync(ModelVersion version, CancellationToken ct) => AllAsync(version.Model, version.Number, version.Tags, version.LargeTags, false, ct);

    /// <summary>The tags of a model of the past; of the large ones those that have the same value still.</summary>
    internal Task<ImmutableArray<Tag>> AllOfPastAsync(RegisteredModel model, CancellationToken ct) => AllAsync(model.Number, 0, model.Tags, model.LargeTags, true, ct);

    /// <summary>The tags of a version of the past; of the large ones those that have the same value still.</summary>
    internal Task<ImmutableArray<Tag>> AllOfPastAsync(ModelVersion version, CancellationToken ct) => AllAsync(version.Model, version.Number, version.Tags, version.LargeTags, true, ct);

    /// <summary>Sets tags of a record that is being changed; of the model's own when <paramref name="version"/> is 0.</summary>
    internal static async Task<Result<(ImmutableArray<Tag> Tags, ImmutableArray<LargeTag> Large)>> SetAsync(
        ModelChange change, int version, (ImmutableArray<Tag> Tags, ImmutableArray<LargeTag> Large) stored, ImmutableArray<Tag> set, CancellationToken ct)
    {
        var (tags, large) = stored;
        var bytesOfCall = 0;
        foreach (var tag in set)
        {
            var known = large.FirstOrDefault(other => other.Key == tag.Key);
            if (LargeTagRow.IsLarge(tag))
            {
                var described = LargeTagRow.Describe(tag);
                if (known != described)
                {
                    bytesOfCall += described.Bytes;
                    change.Record(LargeTagRow.From(change.Model.Number, version, tag), known is null ? null : await change.FindRowAsync(ModelKeys.LargeTag(change.Model.Number, version, tag.Key), ct));
                }
                tags = tags.RemoveAll(other => other.Key == tag.Key);
                large = known is null ? large.Add(described) : large.Replace(known, described);
                continue;
            }
            if (known is not null)
            {
                large = await RemoveLargeAsync(change, version, large, known, ct);
            }
            var place = -1;
            for (var i = 0; i < tags.Length && place < 0; i++)
            {
                place = tags[i].Key == tag.Key ? i : -1;
            }
            tags = place < 0 ? tags.Add(tag) : tags.SetItem(place, tag);
        }
        return Refuse(tags, large, bytesOfCall) is { } refused ? refused : (tags, large);
    }

    /// <summary>Removes a tag of a record that is being changed; one that is not there is no fault.</summary>
    internal static async Task<(ImmutableArray<Tag> Tags, ImmutableArray<LargeTag> Large)> RemoveAsync(
        ModelChange change, int version, (ImmutableArray<Tag> Tags, ImmutableArray<LargeTag> Large) stored, string key, CancellationToken ct) =>
        stored.Large.FirstOrDefault(tag => tag.Key == key) is { } known
            ? (stored.Tags, await RemoveLargeAsync(change, version, stored.Large, known, ct))
            : (stored.Tags.RemoveAll(tag => tag.Key == key), stored.Large);

    private static Failure.Invalid? Refuse(ImmutableArray<Tag> tags, ImmutableArray<LargeTag> large, int bytesOfCall)
    {
        string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        return large.Length > MostLarge ? new Failure.Invalid("tags", Say($"A record has up to {MostLarge} tags with values above {LargeTagRow.InlineBytes} bytes of UTF-8."))
            : bytesOfCall > MostLargeBytesOfCall ? new Failure.Invalid("tags", Say($"The tag values above {LargeTagRow.InlineBytes} bytes of one call take up to {MostLargeBytesOfCall} bytes of UTF-8 together; got {bytesOfCall}."))
            : large.Sum(static tag => tag.Bytes) > MostLargeBytes ? new Failure.Invalid("tags", Say($"The tag values above {LargeTagRow.InlineBytes} bytes of one record take up to {MostLargeBytes} bytes of UTF-8 together."))
            : tags.Sum(static tag => PackedFields.Measure(tag)) > TagColumns.HighestBytes ? new Failure.Invalid("tags", Say($"The tags of one record with values up to {LargeTagRow.InlineBytes} bytes take up to {TagColumns.HighestBytes} bytes of UTF-8 together."))
            : null;
    }

    private static async Task<ImmutableArray<LargeTag>> RemoveLargeAsync(ModelChange change, int version, ImmutableArray<LargeTag> large, LargeTag known, CancellationToken ct)
    {
        if (await change.FindRowAsync(ModelKeys.LargeTag(change.Model.Number, version, known.Key), ct) is { } row)
        {
            change.Remove(row);
        }
        return large.Remove(known);
    }

    private async Task<ImmutableArray<Tag>> AllAsync(long model, int version, ImmutableArray<Tag> tags, ImmutableArray<LargeTag> large, bool isPast, CancellationToken ct)
    {
        if (large.IsEmpty)
        {
            return tags;
        }
        var all = tags.ToBuilder();
        await foreach (var row in reader.QueryAsync(ModelKeys.LargeTags(model, version), ct))
        {
            // A key that the record does not have came later; a value that it does not have may be younger than the record, but not one of the past.
            if (LargeTagRow.To(row) is var tag && large.Any(known => known.Key == tag.Key && (!isPast || known == LargeTagRow.Describe(tag))))
            {
                all.Add(tag);
            }
        }
        return all.ToImmutable();
    }
}
