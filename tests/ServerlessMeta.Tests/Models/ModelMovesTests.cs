using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Models;

public sealed class ModelMovesTests
{
    private static readonly Gen<ImmutableSortedDictionary<string, int>> Aliases = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 6]).Array[0, 4]
        .Select(static pairs => pairs.DistinctBy(static pair => pair.Item1).ToImmutableSortedDictionary(static pair => $"a{pair.Item1}", static pair => pair.Item2, StringComparer.Ordinal));

    private static readonly Gen<ImmutableSortedDictionary<int, ModelStage>> Stages = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 3]).Array[0, 6]
        .Select(static pairs => pairs.DistinctBy(static pair => pair.Item1).ToImmutableSortedDictionary(static pair => pair.Item1, static pair => (ModelStage)pair.Item2));

    [Fact]
    public void The_moves_lead_from_what_is_to_what_is_wanted() => Gen.Select(Aliases, Stages, Aliases, Stages).Sample(static (aliases, stages, wantedAliases, wantedStages) =>
    {
        var model = new RegisteredModel { Number = 1, Name = "n", Stage = LifecycleStage.Active, CreatedAt = default, UpdatedAt = default, Revision = 1, LastVersion = 6, Aliases = aliases, Stages = stages };

        var moves = ModelMoves.Between(model, wantedAliases, wantedStages).ToList();

        foreach (var move in moves)
        {
            Assert.True(move.Alias is null != move.Stage is null);
            Assert.True(move.From.Length > 0 || move.To is not null);
            if (move.Alias is { } alias)
            {
                Assert.Equal(aliases.TryGetValue(alias, out var holder) ? [holder] : [], move.From);
                aliases = move.To is { } next ? aliases.SetItem(alias, next) : aliases.Remove(alias);
            }
        }
        foreach (var move in moves.Where(static move => move.Stage is not null))
        {
            Assert.All(move.From, version => Assert.Equal(move.Stage, model.StageOf(version)));
            stages = stages.RemoveRange(move.From.Where(version => stages.GetValueOrDefault(version) == move.Stage));
        }
        foreach (var move in moves.Where(static move => move is { Stage: not null, To: not null }))
        {
            stages = stages.SetItem(move.To!.Value, move.Stage!.Value);
        }
        Assert.Equal(wantedAliases, aliases);
        Assert.Equal(wantedStages, stages);
        Assert.Equal(moves.Count, moves.Select(static move => (move.Alias, move.Stage, move.To)).Distinct().Count());
    });

    [Fact]
    public void What_replaces_a_holder_is_one_move()
    {
        var model = new RegisteredModel
        {
            Number = 1, Name = "n", Stage = LifecycleStage.Active, CreatedAt = default, UpdatedAt = default, Revision = 1, LastVersion = 3,
            Stages = ImmutableSortedDictionary<int, ModelStage>.Empty.Add(1, ModelStage.Production).Add(2, ModelStage.Staging),
        };

        var moves = ModelMoves.Between(model, model.Aliases, model.Stages.SetItem(1, ModelStage.Archived).SetItem(2, ModelStage.Production)).ToList();

        Assert.Equal(
            ["Stage 'Staging' 2->", "Stage 'Production' 1->2", "Stage 'Archived' ->1"],
            moves.Select(static move => $"{move.What} {string.Join(',', move.From)}->{move.To}"));
    }
}
