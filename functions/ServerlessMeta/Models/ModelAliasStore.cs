using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Which version holds an alias or a stage. All of it stands in the model's row, so a move is atomic: nobody sees two holders, or none.</summary>
public sealed partial class ModelAliasStore
{
    /// <summary>The kind of a missing alias.</summary>
    public const string Kind = "Alias";

    private const string Latest = "latest";
    private const int LongestAlias = 255;

    private readonly ModelReader reader;
    private readonly ModelWriter writer;
    private readonly ModelMoves moves;
    private readonly ModelEvents events;

    internal ModelAliasStore(ModelReader reader, ModelWriter writer, ModelMoves moves, ModelEvents events) =>
        (this.reader, this.writer, this.moves, this.events) = (reader, writer, moves, events);

    /// <summary>The version that holds an alias, the newest one for <c>latest</c>: two operations when the instance knows the name.</summary>
    public async Task<Result<RegisteredVersion>> FindAsync(string name, string alias, CancellationToken ct)
    {
        if (await reader.FindAsync(name, ct) is not { } model)
        {
            return new Failure.NotFound(ModelWriter.Kind, name);
        }
        var number = alias.Equals(Latest, StringComparison.OrdinalIgnoreCase) ? model.Newest : model.Aliases.GetValueOrDefault(alias);
        return number > 0 && await reader.FindVersionAsync(model, number, ct) is { } version
            ? new RegisteredVersion(model, version) : new Failure.NotFound(Kind, alias);
    }

    /// <summary>Gives an alias to a version: two operations. The last of several writers wins, unless they say whom they believe to hold it.</summary>
    public Task<Result<RegisteredModel>> SetAsync(string name, string alias, int number, MoveTerms terms, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
    {
        if (Refuse(change, alias, terms) is { } unexpected)
        {
            return unexpected;
        }
        if (!change.Model.Has(number))
        {
            return ModelVersionStore.NotFound(name, number);
        }
        if (change.Model.Aliases.TryGetValue(alias, out var holder) && holder == number)
        {
            return change.Before;
        }
        if (await moves.MoveAsync(change, change.Model.Aliases.SetItem(alias, number), change.Model.Stages, terms.Override, stop) is { } refused)
        {
            return refused;
        }
        change.Note("alias.set");
        events.AliasSet(change, alias, number);
        return (Result<RegisteredModel>)change.Model;
    }, ct);

    /// <summary>Takes an alias away; one that nobody holds is no fault.</summary>
    public Task<Result<RegisteredModel>> DeleteAsync(string name, string alias, MoveTerms terms, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
    {
        if (Refuse(change, alias, terms) is { } unexpected)
        {
            return unexpected;
        }
        if (!change.Model.Aliases.ContainsKey(alias))
        {
            return change.Before;
        }
        if (await moves.MoveAsync(change, change.Model.Aliases.Remove(alias), change.Model.Stages, terms.Override, stop) is { } refused)
        {
            return refused;
        }
        change.Note("alias.delete");
        events.AliasDeleted(change, alias);
        return (Result<RegisteredModel>)change.Model;
    }, ct);

    /// <summary>Moves a version to a stage: three operations. With <paramref name="archive"/> the others that are in it are archived, in the same transaction.</summary>
    public Task<Result<RegisteredVersion>> TransitionAsync(string name, int number, ModelStage stage, bool archive, MoveTerms terms, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
    {
        if (Refuse(change, null, terms) is { } unexpected)
        {
            return unexpected;
        }
        if (await change.FindVersionAsync(number, stop) is not { } version)
        {
            return ModelVersionStore.NotFound(name, number);
        }
        var stages = stage is ModelStage.None ? change.Model.Stages.Remove(number) : change.Model.Stages.SetItem(number, stage);
        if (archive)
        {
            stages = stages.SetItems(stages.Where(other => other.Value == stage && other.Key != number).Select(static other => KeyValuePair.Create(other.Key, ModelStage.Archived)).ToList());
        }
        if (stages.SequenceEqual(change.Model.Stages))
        {
            return new RegisteredVersion(change.Before, version);
        }
        if (await moves.MoveAsync(change, change.Model.Aliases, stages, terms.Override, stop) is { } refused)
        {
            return refused;
        }
        change.Note("stage.set", KeyValuePair.Create("version", number.ToString(CultureInfo.InvariantCulture)));
        var next = version with { UpdatedAt = change.At };
        change.Put(next);
        return (Result<RegisteredVersion>)new RegisteredVersion(change.Model, next);
    }, ct);

    /// <summary>Why a version may not get an alias of this name; null when it may.</summary>
    public static Failure.Invalid? Refuse(string alias) => RefuseName(alias)
        ?? (alias.Equals(Latest, StringComparison.OrdinalIgnoreCase) ? new Failure.Invalid("alias", "'latest' alias name (case insensitive) is reserved.")
        : VersionPattern.IsMatch(alias) ? new Failure.Invalid("alias", $"Version alias name '{alias}' is reserved.")
        : null);

    /// <summary>Why nothing can be asked of an alias of this name; null when it can.</summary>
    public static Failure.Invalid? RefuseName(string alias) =>
        !AliasPattern.IsMatch(alias) ? new Failure.Invalid("alias", $"Invalid alias name: '{(alias.Length <= 300 ? alias : alias[..300])}'. Names may only contain alphanumerics, underscores (_), and dashes (-).")
        : alias.Length > LongestAlias ? new Failure.Invalid("alias", $"'Registered model alias name' exceeds the maximum length of {LongestAlias} characters")
        : null;

    private static Failure.Conflict? Refuse(ModelChange change, string? alias, MoveTerms terms) =>
        terms.Model is { } expected && !expected.Is(change.Before) ? new Failure.Conflict(ModelWriter.Kind, change.Before.Name)
        : alias is not null && terms.Holder is { } holder && holder != change.Model.Aliases.GetValueOrDefault(alias) ? new Failure.Conflict(Kind, alias) : null;

    [GeneratedRegex(@"^[\w\-]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AliasPattern { get; }

    [GeneratedRegex(@"^[vV]\d+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern { get; }
}
