using System.IO.Compression;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class CodecTests
{
    private static readonly Gen<JoinedPrediction> Prediction = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 1, 40],
        Gen.Long[0, 4_000_000_000_000],
        Gen.OneOf(Gen.Const((string?)null), Gen.OneOf<string?>("0", "1", "yes", "🙂"), Gen.String.Select(static text => (string?)Proper(text))),
        Gen.OneOf(Gen.Const((double?)null), Gen.Double.Where(double.IsFinite).Select(static value => (double?)value), Gen.Int[0, 1_000].Select(static value => (double?)value / 1_000)),
        Gen.OneOf(Gen.Const((long?)null), Gen.Long[-1_000, 100_000_000].Select(static value => (long?)value)),
        static (id, at, prediction, score, labelled) => new JoinedPrediction(
            id, DateTimeOffset.FromUnixTimeMilliseconds(at), prediction, score, labelled is null ? null : prediction, labelled is { } lag ? DateTimeOffset.FromUnixTimeMilliseconds(at + lag) : null));

    [Fact]
    public async Task A_profile_comes_back_bit_by_bit()
    {
        var profile = (await Rows.CsvAsync(
            Rows.Csv(["amount", "rough", "city", "gone"], Enumerable.Range(0, 3_000).Select(static i => new string?[] { Rows.Text(Math.Round(Math.Sin(i) * 40, 2)), Rows.Text(Math.Exp(Math.Cos(i) * 300)), i % 5 == 0 ? "" : $"c{i % 70}", "" })),
            new RowIngestOptions { SampleRows = 50 })).Profile;

        var read = ProfileCodec.Read(ProfileCodec.Write(profile));

        Rows.Same(profile, read);
        Assert.Equal(profile.Columns.Select(static column => column.Moments), read.Columns.Select(static column => column.Moments));
        Assert.Equal(profile.CoMoments!.Scatter, read.CoMoments!.Scatter);
        Assert.Equal(ProfileCodec.Write(profile), ProfileCodec.Write(read));
    }

    [Fact]
    public async Task A_numeric_column_takes_less_than_six_kilobytes()
    {
        var random = new Random(1);
        var one = await Rows.ProfileAsync(("a", [.. Enumerable.Range(0, 100_000).Select(_ => (double?)random.NextDouble())]));

        Assert.Equal(64, one.Column("a").Bins!.Counts.Length);
        Assert.InRange(ProfileCodec.Write(one with { Columns = [one.Column("a")] }).Length, 1, 6_000);
    }

    [Fact]
    public async Task An_unknown_version_and_broken_bytes_are_refused()
    {
        var bytes = ProfileCodec.Write(await Rows.ProfileAsync(("a", [1, 2.5, 3, null]), ("b", [.. Enumerable.Range(0, 4).Select(static i => (double?)i / 7)])));

        Assert.Throws<InvalidDataException>(() => ProfileCodec.Read([]));
        Assert.Throws<InvalidDataException>(() => ProfileCodec.Read([2, .. bytes[1..]]));
        Assert.Throws<InvalidDataException>(() => ProfileCodec.Read(bytes.AsSpan(0, bytes.Length / 2)));
    }

    [Fact]
    public async Task Changed_bytes_are_read_or_refused_but_never_a_crash()
    {
        var profile = await Rows.ProfileAsync(("a", [1, 2.5, 3, null]), ("b", [.. Enumerable.Range(0, 4).Select(static i => (double?)i / 7)]));
        var plain = Unpacked(ProfileCodec.Write(profile));

        Gen.Select(Gen.Int[0, plain.Length - 1], Gen.Byte, Gen.Int[0, plain.Length]).Sample((at, value, length) =>
        {
            var changed = plain[..Math.Max(at + 1, length)];
            changed[at] = value;
            Tolerate(() => ProfileCodec.Read(Packed(changed)));
        });
    }

    [Fact]
    public void Claims_of_size_take_no_memory()
    {
        var claims = new PackedWriter();
        claims.Write(1UL);
        claims.Write(1UL);
        claims.Write("a");
        claims.Write((byte)0xFF);
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var count in new ulong[] { ulong.MaxValue, int.MaxValue, 1_000 })
        {
            var bytes = new PackedWriter();
            bytes.Write(5UL);
            bytes.Write(count);
            Assert.Throws<InvalidDataException>(() => ProfileCodec.Read(Packed(bytes.Written)));
        }
        Assert.Throws<InvalidDataException>(() => ProfileCodec.Read(Packed(claims.Written)));
        Assert.Throws<InvalidDataException>(() => ProfileCodec.Read(Packed(new byte[1])));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public async Task Predictions_come_back_in_their_order() => await Prediction.Array[0, 60].SampleAsync(
        static async predictions =>
        {
            var bytes = PredictionCodec.Write(predictions);

            Assert.Equal(predictions, PredictionCodec.Read(bytes));
            Assert.Equal(predictions, await ReadAsync(bytes));
        },
        iter: 200);

    [Fact]
    public async Task Many_predictions_take_few_bytes_and_are_read_block_by_block()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        JoinedPrediction[] predictions = [.. Enumerable.Range(0, 20_000).Select(i => new JoinedPrediction(
            $"order-{i:d8}", start.AddSeconds(i), i % 3 == 0 ? "1" : "0", Math.Round(i % 997 / 997.0, 4), i % 2 == 0 ? "1" : null, i % 2 == 0 ? start.AddSeconds(i).AddDays(1) : null))];

        var bytes = PredictionCodec.Write(predictions);

        Assert.InRange(bytes.Length, 1, 20_000 * 6);
        Assert.Equal(predictions, PredictionCodec.Read(bytes));
        var broken = bytes.AsMemory(0, bytes.Length - 5);
        var read = 0;
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in PredictionCodec.ReadAsync(new MemoryStream(broken.ToArray()), TestContext.Current.CancellationToken))
            {
                read++;
            }
        });
        Assert.Equal(16_384, read);
    }

    [Fact]
    public void Broken_predictions_are_refused() => Gen.Select(Prediction.Array[1, 5], Gen.Int[0, 1_000], Gen.Byte).Sample(static (predictions, place, value) =>
    {
        var bytes = PredictionCodec.Write(predictions);
        bytes[place % bytes.Length] = value;
        Tolerate(() => PredictionCodec.Read(bytes));
        Assert.Throws<InvalidDataException>(() => PredictionCodec.Read([]));
        Assert.Throws<InvalidDataException>(() => PredictionCodec.Read([9]));
    });

    private static async Task<List<JoinedPrediction>> ReadAsync(byte[] bytes)
    {
        var read = new List<JoinedPrediction>();
        await foreach (var prediction in PredictionCodec.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken))
        {
            read.Add(prediction);
        }
        return read;
    }

    private static void Tolerate(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
        }
    }

    private static string Proper(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Packed(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        packed.WriteByte(ProfileCodec.Version);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(plain);
        }
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] bytes)
    {
        using var deflate = new DeflateStream(new MemoryStream(bytes[1..]), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        deflate.CopyTo(plain);
        return plain.ToArray();
    }
}
