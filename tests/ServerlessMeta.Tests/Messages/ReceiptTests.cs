using ServerlessMeta.Platform;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Messages;

public sealed class ReceiptTests
{
    [Fact]
    public void Source_and_id_are_told_apart()
    {
        Assert.NotEqual(ReceiptKeys.Of("ab", "c"), ReceiptKeys.Of("a", "bc"));
        Assert.NotEqual(ReceiptKeys.Of("1|a", "b"), ReceiptKeys.Of("1", "a|b"));
        Assert.Equal(ReceiptKeys.Of("a", "b"), new Receipt("a", "b", DateTimeOffset.UnixEpoch).In("p").RowKey);
    }

    [Fact]
    public void Whatever_source_and_id_say_the_row_can_be_stored() =>
        Assert.Null(TableLimits.Broken(new Receipt("/\\#?\n" + new string('s', 10_000), "é", DateTimeOffset.UnixEpoch).In("p"), out _));

    [Fact]
    public void A_flow_has_one_truth_and_what_follows_carries_no_receipt()
    {
        var receipt = new Receipt("a", "b", DateTimeOffset.UnixEpoch);
        Assert.Null(Receipt.Open);
        using (receipt.Begin())
        {
            Assert.Same(receipt, Receipt.Open);
            using (Receipt.Pause())
            {
                Assert.Null(Receipt.Open);
            }
            Assert.Same(receipt, Receipt.Open);
            receipt.Carried();
            Assert.Null(Receipt.Open);
            Assert.Same(receipt, Receipt.Current);
            Assert.False(receipt.IsKnown);
        }
        Assert.Null(Receipt.Current);
    }

    [Fact]
    public void The_architecture_draws_the_key()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Platform/ReceiptKeys.cs").Split('\n').Single(static line => line.StartsWith("/// z|", StringComparison.Ordinal))[4..];

        Assert.Contains(drawing, Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
