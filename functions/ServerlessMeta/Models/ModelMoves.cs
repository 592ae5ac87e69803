using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// The one way by which aliases and stages change hands. It compares what is wanted with what is, so no call can move something past the guards: setting and removing an
/// alias, transitions, what a transition archives, the deletion of a version or of the model.
/// </summary>
internal sealed class ModelMoves(IEnumerable<MoveGuard> guards)
{
    private readonly ImmutableArray<MoveGuard> guards = [.. guards];

    /// <summary>Asks every guard of every move; when none refuses, the change has the new aliases and stages, and tells of each move.</summary>
    public async Task<Failure?> MoveAsync(ModelChange change, ImmutableSortedDictionary<string, int> aliases, ImmutableSortedDictionary<int, ModelStage> stages, string? reason, CancellationToken ct)
    {
        var moves = Between(change.Model, aliases, stages).Select(move => move with { Override = reason }).ToList();
        foreach (var move in moves)
        {
            foreach (var guard in guards)
            {
                if (await guard(change, move, ct) is { } refused)
                {
                    return refused;
                }
            }
        }
        change.Model = change.Model with { Aliases = aliases, Stages = stages };
        change.Tell(moves.Select(static move => KeyValuePair.Create(move.Alias is { } alias ? $"alias {alias}" : $"stage {move.Stage}", Told(move))));
        return null;
    }

    /// <summary>The moves that lead from a model's aliases and stages to others.</summary>
    internal static IEnumerable<ModelMove> Between(RegisteredModel model, ImmutableSortedDictionary<string, int> aliases, ImmutableSortedDictionary<int, ModelStage> stages)
    {
        foreach (var alias in model.Aliases.Keys.Union(aliases.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            int? from = model.Aliases.TryGetValue(alias, out var before) ? before : null;
            int? to = aliases.TryGetValue(alias, out var after) ? after : null;
            if (from != to)
            {
                yield return new ModelMove { Alias = alias, From = from is { } holder ? [holder] : [], To = to };
            }
        }
        var changed = model.Stages.Keys.Union(stages.Keys).Where(version => model.StageOf(version) != stages.GetValueOrDefault(version)).Order().ToList();
        foreach (var stage in Enum.GetValues<ModelStage>().Where(static stage => stage is not ModelStage.None))
        {
            ImmutableArray<int> leaving = [.. changed.Where(version => model.StageOf(version) == stage)];
            ImmutableArray<int> entering = [.. changed.Where(version => stages.GetValueOrDefault(version) == stage)];
            // Whoever leaves a stage is replaced by the one that enters it; many enter one together only when they are archived.
            if (entering.Length <= 1 && leaving.Length + entering.Length > 0)
            {
                yield return new ModelMove { Stage = stage, From = leaving, To = entering.Length == 1 ? entering[0] : null };
            }
            else
            {
                foreach (var version in entering)
                {
                    yield return new ModelMove { Stage = stage, To = version };
                }
                if (entering.Length > 1 && leaving.Length > 0)
                {
                    yield return new ModelMove { Stage = stage, From = leaving };
                }
            }
        }
    }

    private static string Told(ModelMove move) => string.Create(CultureInfo.InvariantCulture,
        $"{(move.From.Length == 0 ? "none" : string.Join(", ", move.From.Take(20)))}{(move.From.Length > 20 ? ", ..." : "")} -> {move.To?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
}
