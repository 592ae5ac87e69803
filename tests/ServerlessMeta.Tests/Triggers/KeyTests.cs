using ServerlessMeta.Tests.House;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>Keys of rules and triggers.</summary>
public sealed class KeyTests
{
    [Fact]
    public void The_newest_comes_first_and_keys_name_their_rule()
    {
        var (early, late) = (TriggerKeys.Trigger(Ruling.Start, "r", new string('a', 32)), TriggerKeys.Trigger(Ruling.Start.AddMilliseconds(1), "r", new string('b', 32)));

        Assert.True(string.CompareOrdinal(late, early) < 0);
        Assert.True(string.CompareOrdinal(TriggerKeys.Evaluated("r", Ruling.Start.AddDays(1), "w"), TriggerKeys.Evaluated("r", Ruling.Start, "w")) < 0);
        Assert.Equal([TriggerKeys.ObjectKey("r"), TriggerKeys.ObjectKey("r")], new[] { TriggerKeys.ObjectOf(early), TriggerKeys.ObjectOf(TriggerKeys.Rule("r")) });
        Assert.Equal(TriggerKeys.Rule("r"), TriggerKeys.HomeOf(early));
        Assert.Equal(TriggerKeys.Delivery("d", 3), TriggerKeys.DeliveryOf(TriggerKeys.Queued("d", 3)));
        Assert.NotEqual(TriggerKeys.ObjectKey("r"), TriggerKeys.ObjectKey("R"));
    }

    [Fact]
    public void Keys_are_what_storage_takes_whatever_ids_and_windows_are_called()
    {
        var odd = "a/b\\c#d?e\n\u6f22" + new string('x', 5000);

        Assert.All(
            [TriggerKeys.Rule(odd), TriggerKeys.State(odd), TriggerKeys.Evaluated(odd, DateTimeOffset.MaxValue, odd), TriggerKeys.Evaluated(odd, DateTimeOffset.MinValue, odd), TriggerKeys.Flight(odd, [1, 2])],
            static key => Assert.Matches("^[a-z]\\|[0-9a-f|]{1,200}$", key));
    }

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Triggers/TriggerKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToList();

        Assert.Equal(10, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
