using CsCheck;
using ServerlessMeta.Audit;
using ServerlessMeta.Models;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Models;

public sealed class ModelKeyTests
{
    [Fact]
    public void The_state_that_held_at_a_moment_is_the_first_from_there_back() => Gen.Select(Gen.Long[0, 100], Gen.Long[0, 100], Gen.Long[1, 50]).Sample(static (changed, asked, revision) =>
    {
        var (from, below) = ModelKeys.HistoryUntil(3, 2, DateTimeOffset.FromUnixTimeMilliseconds(asked));
        var key = ModelKeys.History(3, 2, DateTimeOffset.FromUnixTimeMilliseconds(changed), revision);
        Assert.Equal(changed <= asked, string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, below) < 0);
    });

    [Fact]
    public void Of_changes_of_one_moment_the_last_comes_first() => Assert.True(string.CompareOrdinal(
        ModelKeys.History(1, 0, DateTimeOffset.UnixEpoch, 2), ModelKeys.History(1, 0, DateTimeOffset.UnixEpoch, 1)) < 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Records_are_told_from_what_serves_them(bool records)
    {
        string[] rows = records
            ? [ModelKeys.Model(1), ModelKeys.Version(1, 2), ModelKeys.LargeTag(1, 2, "k"), ModelKeys.Origin(1, 2), ModelKeys.History(1, 2, DateTimeOffset.UnixEpoch, 1), "e|0000000001|x"]
            : [ModelKeys.Counter, ModelKeys.Name("n"), ModelKeys.Creation("n", "k"), ModelKeys.VersionCreation(1, "k"), ModelKeys.Event(1, 2, 3),
                AuditKeys.Entry(ModelKeys.ObjectKey(1), 1), AuditKeys.ByTime(DateTimeOffset.UnixEpoch, ModelKeys.ObjectKey(1), 1)];

        Assert.All(rows, row => Assert.Equal(records, ModelKeys.IsRecord(row)));
    }

    [Fact]
    public void Keys_of_idempotency_are_told_apart_from_names() => Assert.NotEqual(ModelKeys.Creation("ab", "c"), ModelKeys.Creation("a", "bc"));

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Models/ModelKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToList();

        Assert.Equal(10, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
