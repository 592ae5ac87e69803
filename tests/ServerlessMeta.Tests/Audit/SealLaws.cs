using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Tests.Audit;

/// <summary>Laws of checkpoints: their lines, their row, their signatures.</summary>
public sealed class SealLaws : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void A_line_reads_as_what_was_written() => Gen.Select(Gen.Dictionary(Gen.String[1, 20], Gen.Long[1, 1_000_000])[0, 5], Gen.Bool).Sample((heads, signed) =>
    {
        var checkpoint = new Checkpoint
        {
            Number = 3,
            At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
            Previous = AuditEntry.NoPrevious,
            Heads = heads.Where(static head => !head.Key.Any(char.IsSurrogate)).ToImmutableSortedDictionary(static head => head.Key, static head => (head.Value, "00"), StringComparer.Ordinal),
        };
        var read = CheckpointLine.TryRead(CheckpointLine.Write(checkpoint, signed ? key : null))!;
        return (read.Number, read.At, read.Previous) == (checkpoint.Number, checkpoint.At, checkpoint.Previous) && read.Heads.SequenceEqual(checkpoint.Heads)
            && signed == (read.Signature is { } signature && SealKeys.Verify(signature.Key, signature.Signed, signature.Signature));
    });

    [Fact]
    public void Signed_checkpoints_take_no_change_of_any_byte() => Gen.Select(Gen.Int[0, 3], Gen.UInt, Gen.Int[1, 255]).Sample((which, place, by) =>
    {
        var lines = Lines(4, signed: true);
        lines[which][place % lines[which].Length] ^= (byte)by;
        return Read(lines, trusted: true).Findings.Count > 0;
    }, iter: 300);

    [Fact]
    public void Chained_checkpoints_take_no_change_but_of_the_last_which_the_store_notes() => Gen.Select(Gen.Int[0, 3], Gen.UInt, Gen.Int[1, 255]).Sample((which, place, by) =>
    {
        var lines = Lines(4, signed: false);
        var last = AuditEntry.HexOf(lines[^1]);
        lines[which][place % lines[which].Length] ^= (byte)by;
        return SealedHeads.Of(lines.Select(static line => (ReadOnlyMemory<byte>)line), ImmutableDictionary<string, byte[]>.Empty, (4, last)).Findings.Count > 0;
    }, iter: 300);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_line_taken_away_is_named(int which)
    {
        var lines = Lines(4, signed: true);
        lines.RemoveAt(which);

        Assert.Contains(Read(lines, trusted: true).Findings, found => found.Fault is AuditFault.CheckpointRemoved && found.Entry == which + 1);
    }

    [Fact]
    public void Every_seal_of_a_chain_is_kept()
    {
        var known = Read(Lines(4, signed: true), trusted: true);

        Assert.Empty(known.Findings);
        Assert.Equal([1, 2, 3, 4], known.Find("run", "p|1", "a").Select(static seal => seal.Number));
        Assert.Equal(["a"], known.In("run", "p|1"));
        Assert.Empty(known.Find("run", "p", "a"));
    }

    [Fact]
    public void A_signature_cannot_be_left_out_later_nor_be_anyones()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = Lines(1, signed: true);
        var next = new Checkpoint { Number = 2, At = DateTimeOffset.UnixEpoch, Previous = AuditEntry.HexOf(lines[0]), Heads = ImmutableSortedDictionary<string, (long, string)>.Empty };

        Assert.Equal(AuditFault.CheckpointUntrusted, Assert.Single(Read([.. lines, CheckpointLine.Write(next, null)], trusted: true).Findings).Fault);
        Assert.Equal(AuditFault.CheckpointUntrusted, Assert.Single(Read([.. lines, CheckpointLine.Write(next, other)], trusted: true).Findings).Fault);
        Assert.Empty(Read([.. lines, CheckpointLine.Write(next, other)], trusted: false).Findings);
    }

    [Fact]
    public void With_trusted_keys_some_checkpoint_must_be_signed()
    {
        Assert.Equal(AuditFault.CheckpointUntrusted, Assert.Single(Read(Lines(3, signed: false), trusted: true).Findings).Fault);
        Assert.Empty(Read(Lines(3, signed: false), trusted: false).Findings);
    }

    [Fact]
    public void What_is_not_signed_is_not_taken_from_a_signed_line()
    {
        var line = Encoding.UTF8.GetString(Lines(1, signed: true)[0]);
        Assert.NotNull(CheckpointLine.TryRead(Encoding.UTF8.GetBytes(line)));
        Assert.All(
            (string[])[line[..^1] + ",\"heads\":{}}", line + " ", line.Replace("\"}", "\" }", StringComparison.Ordinal), line.Replace(",\"signature\":", ", \"signature\":", StringComparison.Ordinal), line.Replace(",\"signature\":", ",\"checkpoint\":1,\"signature\" :", StringComparison.Ordinal)],
            static changed => Assert.Null(CheckpointLine.TryRead(Encoding.UTF8.GetBytes(changed))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"export\":1,\"at\":1}")]
    [InlineData("{\"export\":1,\"at\":\"\",\"sealed\":{}}")]
    [InlineData("{\"export\":1,\"at\":\"\"}\n{\"chain\":1}")]
    [InlineData("{\"export\":1,\"at\":\"\"}\n{\"chain\":{\"n\":\"\"}}")]
    [InlineData("{\"export\":1,\"at\":\"\"}\n{\"end\":1}")]
    [InlineData("{\"export\":1,\"at\":\"\\ud800\"}")]
    public void A_hostile_export_is_refused(string text) => Assert.Throws<InvalidDataException>(() => ExportCheck.Run(new StringReader(text), null));

    [Fact]
    public void A_whole_export_must_have_every_sealed_chain_and_seals_when_keys_are_trusted()
    {
        var pem = key.ExportSubjectPublicKeyInfoPem();
        var line = Encoding.UTF8.GetString(Lines(1, signed: true)[0]);
        var whole = "{\"export\":1,\"at\":\"\",\"whole\":true}\n" + line + "\n{\"end\":{\"chains\":0,\"entries\":0,\"checkpoints\":1}}";
        var bare = "{\"export\":1,\"at\":\"\"}\n{\"end\":{\"chains\":0,\"entries\":0,\"checkpoints\":0}}";

        Assert.Equal((AuditFault.ShorterThanSealed, "run:p|1:a"), Assert.Single(ExportCheck.Run(new StringReader(whole), pem).Findings) is var found ? (found.Fault, found.Object) : default);
        Assert.Empty(ExportCheck.Run(new StringReader(whole.Replace(",\"whole\":true", "", StringComparison.Ordinal)), pem).Findings);
        Assert.Equal(AuditFault.NotSealed, Assert.Single(ExportCheck.Run(new StringReader(bare), pem).Findings).Fault);
        Assert.Empty(ExportCheck.Run(new StringReader(bare), null).Findings);
        Assert.Throws<InvalidDataException>(() => ExportCheck.Run(new StringReader(bare), " "));
    }

    [Fact]
    public void Keys_are_read_as_PEM_and_as_base64_and_no_other_curve_is_taken()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var again = SealKeys.ReadPrivate(Convert.ToBase64String(key.ExportPkcs8PrivateKey()))!;
        using var pem = SealKeys.ReadPrivate(key.ExportECPrivateKeyPem())!;
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), again.ExportSubjectPublicKeyInfo());
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), pem.ExportSubjectPublicKeyInfo());
        Assert.Equal(2, SealKeys.ReadPublic($"{key.ExportSubjectPublicKeyInfoPem()};{Convert.ToBase64String(pem.ExportSubjectPublicKeyInfo())};{Convert.ToBase64String(Other())}").Count);
        Assert.Empty(Faults(new AuditOptions { SigningKey = key.ExportPkcs8PrivateKeyPem(), TrustedKeys = key.ExportSubjectPublicKeyInfoPem() }));
        Assert.Empty(Faults(new AuditOptions()));
        Assert.All(
            (AuditOptions[])[new() { SigningKey = "x" }, new() { SigningKey = other.ExportPkcs8PrivateKeyPem() }, new() { SigningKey = key.ExportSubjectPublicKeyInfoPem() }, new() { TrustedKeys = "AAAA" }, new() { TrustedKeys = other.ExportSubjectPublicKeyInfoPem() }],
            static options => Assert.Single(Faults(options)));

        static byte[] Other()
        {
            using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return another.ExportSubjectPublicKeyInfo();
        }

        static List<ValidationResult> Faults(AuditOptions options) => [.. options.Validate(new ValidationContext(options))];
    }

    public void Dispose() => key.Dispose();

    private SealedHeads Read(List<byte[]> lines, bool trusted) => SealedHeads.Of(
        lines.Select(static line => (ReadOnlyMemory<byte>)line), trusted ? SealKeys.ReadPublic(key.ExportSubjectPublicKeyInfoPem()) : ImmutableDictionary<string, byte[]>.Empty, null);

    private List<byte[]> Lines(int count, bool signed)
    {
        var lines = new List<byte[]>();
        var previous = AuditEntry.NoPrevious;
        for (var number = 1; number <= count; number++)
        {
            lines.Add(CheckpointLine.Write(new Checkpoint
            {
                Number = number,
                At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + number),
                Previous = previous,
                Heads = ImmutableSortedDictionary<string, (long, string)>.Empty.Add(Checkpoint.NameOf("run", "p|1", "a"), (number, new string('0', 64))),
            }, signed ? key : null));
            previous = AuditEntry.HexOf(lines[^1]);
        }
        return lines;
    }
}
