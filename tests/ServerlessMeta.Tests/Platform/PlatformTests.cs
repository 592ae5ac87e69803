using System.Globalization;
using System.Text;
using Azure;
using Azure.Data.Tables;
using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Platform;

public sealed class PlatformTests
{
    [Fact]
    public void Numbers_survive_as_varints() => Gen.Long.Sample(static value =>
    {
        Span<byte> buffer = stackalloc byte[Varint.MaxSize];
        var size = Varint.Write(buffer, Varint.Fold(value));
        Assert.Equal(Varint.Size(Varint.Fold(value)), size);
        ReadOnlySpan<byte> rest = buffer[..size];
        Assert.Equal(value, Varint.Unfold(Varint.Read(ref rest)));
        Assert.True(rest.IsEmpty);
    });

    [Fact]
    public void A_cut_number_is_no_number() => Assert.Throws<InvalidDataException>(static () =>
    {
        ReadOnlySpan<byte> cut = [0x80];
        return Varint.Read(ref cut);
    });

    [Fact]
    public void Packed_fields_give_back_any_text() => Gen.Select(Gen.String, Gen.String).List[0, 20].Sample(static pairs =>
    {
        var fields = pairs.Select(static pair => new Tag(Clean(pair.Item1), Clean(pair.Item2))).ToList();
        var found = new List<Tag>();
        PackedFields.Decode(PackedFields.Encode(fields), found);
        Assert.Equal(fields, found);
        if (fields.Count > 0)
        {
            Assert.Equal(fields.First(field => field.Key == fields[^1].Key).Value, PackedFields.Find(PackedFields.Encode(fields), Encoding.UTF8.GetBytes(fields[^1].Key)));
        }

        static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    });

    [Fact]
    public void A_page_token_is_read_only_by_its_own_query() => Gen.Select(Gen.String, Gen.String, Gen.String).Sample(static (query, other, after) =>
    {
        after = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(after));
        var token = PageToken.Write(query, after);
        Assert.Equal(after, PageToken.Read(query, token).Value);
        Assert.Equal(query == other, PageToken.Read(other, token).IsOk);
    });

    [Theory]
    [InlineData("!!!")]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Garbage_is_no_page_token(string token) => Assert.IsType<Failure.Invalid>(PageToken.Read("query", token).Failure);

    [Fact]
    public async Task A_joined_call_never_answers_from_before_the_question()
    {
        var clock = 0;
        var call = new JoinedCall<int>(async () =>
        {
            var started = Interlocked.Increment(ref clock);
            await Task.Yield();
            return started;
        });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                var asked = Volatile.Read(ref clock);
                Assert.True(await call.RunAsync() > asked);
            }
        }));

        Assert.InRange(clock, 50, 200 * 50);
    }

    [Fact]
    public async Task A_transaction_refuses_what_Azure_would()
    {
        var table = new TableClient("UseDevelopmentStorage=true", "any");

        Assert.Throws<InvalidOperationException>(() => new GroupTransaction(table, "a").Add(new TableEntity("b", "1")));
        Assert.Throws<InvalidOperationException>(() => new GroupTransaction(table, "a").Add(new TableEntity("a", "1")).Put(new TableEntity("a", "1")));
        foreach (var tooMuch in (GroupTransaction[])[
            Enumerable.Range(0, 101).Aggregate(new GroupTransaction(table, "a"), static (transaction, i) => transaction.Put(new TableEntity("a", i.ToString(CultureInfo.InvariantCulture)))),
            Enumerable.Range(0, 5).Aggregate(new GroupTransaction(table, "a"), static (transaction, i) => transaction.Put(Wide(i.ToString(CultureInfo.InvariantCulture), 15))),
            new GroupTransaction(table, "a").Put(Wide("1", 20)).Put(new TableEntity("a", "2"))])
        {
            Assert.False(tooMuch.Fits);
            await Assert.ThrowsAsync<InvalidOperationException>(() => tooMuch.CommitAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void A_row_beyond_a_limit_of_Azure_is_refused_before_it_is_sent()
    {
        Assert.Throws<InvalidOperationException>(static () => TableLimits.Weigh(Wide("r", 17)));
        Assert.Throws<InvalidOperationException>(static () => TableLimits.Weigh(new TableEntity("a", "r") { ["x"] = new byte[65 * 1024] }));
        Assert.Throws<InvalidOperationException>(static () => TableLimits.Weigh(new TableEntity("a", "b/c")));
        Assert.Throws<InvalidOperationException>(static () => TableLimits.Weigh(new TableEntity("a", new string('b', 513))));
        Assert.Throws<InvalidOperationException>(static () => TableLimits.Weigh(new TableEntity(Enumerable.Range(0, 253).ToDictionary(static i => string.Create(CultureInfo.InvariantCulture, $"p{i}"), static i => (object)i)) { PartitionKey = "a", RowKey = "r" }));
        Assert.InRange(TableLimits.Weigh(new TableEntity("a", "r") { ["x"] = 1.5 }), 20, 40);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1099511627775", true)]
    [InlineData("1099511627776", false)]
    [InlineData("01", false)]
    [InlineData("-1", false)]
    [InlineData("1.0", false)]
    [InlineData("", false)]
    public void Experiment_ids_are_short_decimal_numbers(string text, bool valid) =>
        Assert.Equal(valid, ExperimentId.TryParse(text, CultureInfo.InvariantCulture, out var id) && id.ToString() == text);

    private static TableEntity Wide(string row, int properties) =>
        new(Enumerable.Range(0, properties).ToDictionary(static i => string.Create(CultureInfo.InvariantCulture, $"p{i}"), static _ => (object)new byte[62 * 1024])) { PartitionKey = "a", RowKey = row };
}
