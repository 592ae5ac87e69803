using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Versions of registered models. Each change is one transaction; numbers are given in ascending order, none twice.</summary>
public sealed class ModelVersionStore
{
    internal const string Kind = "ModelVersion";

    private readonly ModelReader reader;
    private readonly ModelWriter writer;
    private readonly ModelMoves moves;
    private readonly ModelEvents events;
    private readonly ModelOrigins origins;

    internal ModelVersionStore(ModelReader reader, ModelWriter writer, ModelMoves moves, ModelEvents events, ModelOrigins origins) =>
        (this.reader, this.writer, this.moves, this.events, this.origins) = (reader, writer, moves, events, origins);

    /// <summary>Registers a version: two operations, and what finding its origin takes (<see cref="ModelOrigins"/>). With an idempotency key two more.</summary>
    public async Task<Result<RegisteredVersion>> CreateAsync(string name, NewModelVersion wanted, CancellationToken ct)
    {
        if (wanted.IdempotencyKey is not null)
        {
            // Whatever became of its run since: what was made is answered again.
            if (await reader.FindAsync(name, ct) is not { } model)
            {
                return new Failure.NotFound(ModelWriter.Kind, name);
            }
            if (await FindMadeAsync(model, wanted, ct) is { } made)
            {
                return made;
            }
        }
        var resolved = await origins.ResolveAsync(wanted, ct);
        if (!resolved.IsOk)
        {
            return resolved.Failure;
        }
        var packed = ModelOriginRow.Pack(resolved.Value.Origin).Packed;
        var attempts = 0;
        return await writer.ChangeAsync(name, async (change, stop) =>
            attempts++ > 0 && await FindMadeAsync(change.Before, wanted, stop) is { } made ? made : await AddAsync(change, wanted, resolved.Value, packed, stop), ct);
    }

    /// <summary>A version by its number: two operations when the instance knows the name.</summary>
    public async Task<Result<RegisteredVersion>> FindAsync(string name, int number, CancellationToken ct)
    {
        if (await reader.FindAsync(name, ct) is not { } model)
        {
            return new Failure.NotFound(ModelWriter.Kind, name);
        }
        return await reader.FindVersionAsync(model, number, ct) is { } version ? new RegisteredVersion(model, version) : NotFound(name, number);
    }

    /// <summary>The newest version of each stage that has one; of the given stages only, unless there are none. One operation for each, beside each other.</summary>
    public async Task<ImmutableArray<ModelVersion>> ListLatestAsync(RegisteredModel model, IReadOnlyCollection<ModelStage> stages, CancellationToken ct)
    {
        var numbers = model.Stages.GroupBy(static version => version.Value, static version => version.Key).ToDictionary(static stage => stage.Key, static stage => stage.Max());
        for (var number = model.LastVersion; number > 0; number--)
        {
            if (model.Has(number) && model.StageOf(number) is ModelStage.None)
            {
                numbers[ModelStage.None] = number;
                break;
            }
        }
        var wanted = numbers.Where(stage => stages.Count == 0 || stages.Contains(stage.Key)).OrderBy(static stage => stage.Key).Select(stage => reader.FindVersionAsync(model, stage.Value, ct));
        return [.. (await Task.WhenAll(wanted)).OfType<ModelVersion>()];
    }

    /// <summary>Changes what people say of the version; what is null stays, an empty text removes.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="number">The version's number.</param>
    /// <param name="description">The new description.</param>
    /// <param name="owner">The new owner.</param>
    /// <param name="expected">The model that the caller means, as he saw it: when it is another, <see cref="Failure.Conflict"/>. Null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public Task<Result<RegisteredVersion>> UpdateAsync(string name, int number, string? description, string? owner, ExpectedModel? expected, CancellationToken ct) => ChangeAsync(name, number, expected, (change, version, _) =>
    {
        var next = version with { Description = ModelStore.Changed(version.Description, description), Owner = ModelStore.Changed(version.Owner, owner) };
        if (next != version)
        {
            change.Note("version.update", ModelStore.Told(("version", Text(number)), ("description", description), ("owner", owner)));
        }
        return Task.FromResult<Result<ModelVersion>>(next);
    }, ct);

    /// <summary>Deletes a version; it loses its aliases and its stage. Its rows stay, as evidence; its number is not given again.</summary>
    public Task<Result<RegisteredModel>> DeleteAsync(string name, int number, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
    {
        if (!change.Model.Has(number))
        {
            return NotFound(name, number);
        }
        if (await moves.MoveAsync(change, change.Model.Aliases.RemoveRange(change.Model.Aliases.Where(alias => alias.Value == number).Select(static alias => alias.Key)), change.Model.Stages.Remove(number), null, stop) is { } refused)
        {
            return refused;
        }
        change.Model = change.Model with { Gone = change.Model.Gone.Add(number) };
        change.Note("version.delete", KeyValuePair.Create("version", Text(number)));
        return (Result<RegisteredModel>)change.Model;
    }, ct);

    /// <summary>Sets a tag; one that has the value already stays so, and nothing is written.</summary>
    public Task<Result<RegisteredVersion>> SetTagAsync(string name, int number, Tag tag, CancellationToken ct) => ChangeAsync(name, number, null, async (change, version, stop) =>
    {
        var set = await ModelTags.SetAsync(change, number, (version.Tags, version.LargeTags), [tag], stop);
        if (!set.IsOk)
        {
            return set.Failure;
        }
        if (!set.Value.Tags.SequenceEqual(version.Tags) || !set.Value.Large.SequenceEqual(version.LargeTags))
        {
            change.Note("version.tag.set", KeyValuePair.Create("version", Text(number)), KeyValuePair.Create("key", tag.Key));
            events.VersionTagSet(change, number, tag);
        }
        return version with { Tags = set.Value.Tags, LargeTags = set.Value.Large };
    }, ct);

    /// <summary>Deletes a tag; one that is not there is no fault.</summary>
    public Task<Result<RegisteredVersion>> DeleteTagAsync(string name, int number, string key, CancellationToken ct) => ChangeAsync(name, number, null, async (change, version, stop) =>
    {
        var left = await ModelTags.RemoveAsync(change, number, (version.Tags, version.LargeTags), key, stop);
        if (left.Tags.Length + left.Large.Length != version.Tags.Length + version.LargeTags.Length)
        {
            change.Note("version.tag.delete", KeyValuePair.Create("version", Text(number)), KeyValuePair.Create("key", key));
            events.VersionTagDeleted(change, number, key);
        }
        return version with { Tags = left.Tags, LargeTags = left.Large };
    }, ct);

    internal static Failure.NotFound NotFound(string name, int number) => new(Kind, Id(name, number));

    internal static string Id(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"name={name}, version={number}");

    // The version that an earlier call with the same key made.
    private async Task<Result<RegisteredVersion>?> FindMadeAsync(RegisteredModel model, NewModelVersion wanted, CancellationToken ct)
    {
        if (wanted.IdempotencyKey is not { } key || await reader.FindRowAsync(ModelKeys.VersionCreation(model.Number, key), ct) is not { } creation)
        {
            return null;
        }
        // It may be younger than the model's row that was read before.
        var number = creation.GetInt32("version")!.Value;
        return !model.Gone.Contains(number) && await reader.FindRowAsync(ModelKeys.Version(model.Number, number), ct) is { } known ? new RegisteredVersion(model, ModelVersionRow.To(known))
            : new Failure.Clash(Kind, Id(model.Name, number), $"Version {number} of '{model.Name}' that this idempotency key made was deleted since.");
    }

    private async Task<Result<RegisteredVersion>> AddAsync(ModelChange change, NewModelVersion wanted, ResolvedOrigin resolved, byte[] origin, CancellationToken ct)
    {
        var number = change.Model.LastVersion + 1;
        change.Model = change.Model with { LastVersion = number };
        var tags = await ModelTags.SetAsync(change, number, ([], []), wanted.Tags, ct);
        if (!tags.IsOk)
        {
            return tags.Failure;
        }
        var version = new ModelVersion
        {
            Model = change.Model.Number,
            Number = number,
            Source = wanted.Source,
            Description = ModelStore.Changed(null, wanted.Description),
            Author = change.By.Name,
            Owner = ModelStore.Changed(null, wanted.Owner),
            Location = resolved.Location,
            Run = resolved.Run,
            RunLink = wanted.RunLink,
            LoggedModel = resolved.LoggedModel,
            CreatedAt = change.At,
            UpdatedAt = change.At,
            Tags = tags.Value.Tags,
            LargeTags = tags.Value.Large,
        };
        change.Put(version);
        change.Record(ModelOriginRow.From(version.Model, number, origin), null);
        if (wanted.IdempotencyKey is { } once)
        {
            var claim = new TableEntity(ModelKeys.Partition, ModelKeys.VersionCreation(change.Model.Number, once)) { ["version"] = number };
            change.Also(transaction => transaction.Add(claim));
        }
        change.Note("version.create", ModelStore.Told(("version", Text(number)), ("source", LocationSecrets.Drop(wanted.Source)), ("run", resolved.Run?.ToString()), ("loggedModel", resolved.LoggedModel?.ToString())));
        events.VersionCreated(change, version, wanted.Tags);
        return new RegisteredVersion(change.Model, version);
    }

    // The version that comes back is stored when the change was noted.
    private Task<Result<RegisteredVersion>> ChangeAsync(
        string name, int number, ExpectedModel? expected, Func<ModelChange, ModelVersion, CancellationToken, Task<Result<ModelVersion>>> prepare, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
    {
        if (expected is { } meant && !meant.Is(change.Before))
        {
            return new Failure.Conflict(Kind, Id(name, number));
        }
        if (await change.FindVersionAsync(number, stop) is not { } version)
        {
            return NotFound(name, number);
        }
        var changed = await prepare(change, version, stop);
        if (!changed.IsOk)
        {
            return changed.Failure;
        }
        if (!change.IsNoted)
        {
            return new RegisteredVersion(change.Before, version);
        }
        var next = changed.Value with { UpdatedAt = change.At };
        change.Put(next);
        return (Result<RegisteredVersion>)new RegisteredVersion(change.Model, next);
    }, ct);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
