using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.ArtifactVersions;

public sealed class VersionTests
{
    private static readonly Gen<string> Hex = Gen.Char["0123456789abcdef"].Array[32].Select(static digits => new string(digits));
    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 1, 20];
    private static readonly Gen<string?> MaybeText = Gen.OneOf(Text.Select(static string? (text) => text), Gen.Const((string?)null));

    private static readonly Gen<ArtifactDigests> Digests = Gen.Select(Gen.OneOf(Hex.Select(static string? (hex) => hex), Gen.Const((string?)null)), Gen.Select(Hex, Hex, static string? (x, y) => x + y), MaybeText,
        static (md5, sha256, opaque) => new ArtifactDigests(md5, sha256, opaque));

    private static readonly Gen<Registration> Registrations = Gen.Select(Gen.Int[0, 6], Digests, Gen.OneOf(Gen.Long[0, long.MaxValue].Select(static long? (size) => size), Gen.Const((long?)null)), Gen.Select(Text, Text).Array[0, 4], MaybeText, MaybeText, Gen.Bool,
        static (type, digests, size, metadata, location, description, made) => new Registration("n", (ArtifactType)type, digests, location)
        {
            Size = size,
            Metadata = [.. metadata.DistinctBy(static pair => pair.Item1).Select(static pair => new Tag(pair.Item1, pair.Item2))],
            Schema = description is null ? null : $"[\"{description}\"]",
            Description = description,
            ProducedBy = made ? RunId.Of(new ExperimentId(3), 0, "made") : null,
        });

    private static readonly Gen<ArtifactVersion> Versions = Gen.Select(Registrations, Gen.Long[1, ArtifactVersionKeys.MaxNumber], static (registration, number) =>
        ArtifactVersion.First(registration, registration.Type, number, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000)));

    [Fact]
    public void A_version_round_trips_as_a_row() => Versions.Sample(static version =>
    {
        var back = ArtifactVersionRow.To(ArtifactVersionRow.From(version, "w"));

        Assert.Equal(version.Locations, back.Locations);
        Assert.Equal(version.Metadata, back.Metadata);
        Assert.Equal(version, back with { Locations = version.Locations, Metadata = version.Metadata });
    });

    [Fact]
    public void An_artifact_round_trips_as_a_row() => Gen.Select(Versions, Gen.Int[0, 50]).Sample(static (version, seen) =>
    {
        var artifact = new Artifact { Name = version.Name, Type = version.Type, Latest = version.Number, Digests = version.Digests, Size = version.Size, Location = version.Locations.FirstOrDefault(), CreatedAt = version.CreatedAt, LatestAt = version.UpdatedAt };
        var row = ArtifactRow.From(artifact, Enumerable.Range(0, seen).Aggregate(SeenDigests.None, static (all, i) => all.With([KnownDigest.Of($"d{i}")], i + 1)));

        Assert.Equal(artifact, ArtifactRow.To(row));
        Assert.All(Enumerable.Range(0, seen), i => Assert.Equal(i + 1, ArtifactRow.SeenIn(row).Find(KnownDigest.Of($"d{i}"))));
    });

    [Fact]
    public void A_use_round_trips_as_each_of_its_rows() => Assert.All(Enum.GetValues<UseDirection>(), static direction =>
    {
        var use = new VersionUse("n/Ω", 3, RunId.Of(new ExperimentId(3), 0, "r"), direction, direction is UseDirection.Made ? null : "training");

        Assert.Equal([use, use], VersionUseRow.From(use).Select(VersionUseRow.To));
    });

    [Fact]
    public void A_row_of_a_newer_schema_is_refused()
    {
        var row = ArtifactVersionRow.From(ArtifactVersion.First(new Registration("n", ArtifactType.Code, new ArtifactDigests(null, null, "d"), null), ArtifactType.Code, 1, default), "w");
        row["v"] = 2;

        Assert.Throws<InvalidDataException>(() => ArtifactVersionRow.To(row));
    }

    [Fact]
    public void What_is_known_stays_and_what_is_said_again_adds_nothing() => Gen.Select(Versions, Registrations).Sample(static (version, more) =>
    {
        var after = version.With(more, DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));

        Assert.Same(after, after.With(more, default));
        Assert.Equal(version.Digests, version.Digests.With(after.Digests) with { Md5 = version.Digests.Md5, Sha256 = version.Digests.Sha256, Opaque = version.Digests.Opaque });
        Assert.Equal(version.Size ?? more.Size, after.Size);
        Assert.Subset(after.Metadata.ToHashSet(), version.Metadata.ToHashSet());
        Assert.Equal(after == version ? version.Revision : version.Revision + 1, after.Revision);
        Assert.Equal(after.Metadata.Length, after.Metadata.Select(static pair => pair.Key).Distinct(StringComparer.Ordinal).Count());
    });

    [Fact]
    public void A_full_list_of_seen_digests_forgets_the_oldest_and_says_so()
    {
        var seen = SeenDigests.None;
        for (var i = 0; i <= SeenDigests.MaxCount; i++)
        {
            Assert.True(seen.IsWhole);
            seen = seen.With([KnownDigest.Of($"d{i}")], i + 1);
        }

        Assert.False(seen.IsWhole);
        Assert.Null(seen.Find(KnownDigest.Of("d0")));
        Assert.Equal(SeenDigests.MaxCount + 1, seen.Find(KnownDigest.Of($"d{SeenDigests.MaxCount}")));
        Assert.InRange(seen.Packed.Length, 1, 64 * 1024);
    }

    [Theory]
    [InlineData("D41D8CD98F00B204E9800998ECF8427E", "md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("e8a1B2", "digest:e8a1B2")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427g", "digest:d41d8cd98f00b204e9800998ecf8427g")]
    public void A_digest_tells_its_kind(string digest, string known) => Assert.Equal(known, KnownDigest.Of(digest).ToString());

    [Theory]
    [InlineData("7", "7")]
    [InlineData("latest", "latest")]
    [InlineData("md5:D41D8CD98F00B204E9800998ECF8427E", "md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("digest:a:b/c", "digest:a:b/c")]
    public void A_version_is_named_by_number_as_the_latest_or_by_digest(string text, string reference) => Assert.Equal(reference, VersionReference.Parse(text, null).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("Latest")]
    [InlineData("md5:d41d")]
    [InlineData("sha256:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("digest:")]
    [InlineData("sha1:d41d8cd98f00b204e9800998ecf8427e")]
    public void Other_texts_name_no_version(string text) => Assert.False(VersionReference.TryParse(text, null, out _));

    [Theory]
    [InlineData("""[{"name":"a","type":"long"}]""", """[{"name":"a","type":"long"},{"name":"b","type":{"list":"int"}}]""", """b: null -> {"list":"int"}""")]
    [InlineData("""{"fields":[{"name":"a","type":"long"}]}""", """{"version":2,"columns":[{"name":"a","type":"double"}]}""", "a: long -> double")]
    [InlineData(null, """[{"name":"a"}]""", "a: null -> ")]
    [InlineData("""[{"name":"a","type":"x"}]""", "[]", "a: x -> null")]
    [InlineData("""{"a":1}""", """[{"name":"a","type":"x"}]""", "unknown")]
    [InlineData("""[1]""", """[{"name":5}]""", "unknown")]
    public void Schemas_are_compared_column_by_column(string? from, string? to, string expected)
    {
        var columns = VersionComparison.Of(Version(from), Version(to)).Columns;

        Assert.Equal(expected, columns is null ? "unknown" : string.Join(", ", columns.Value.Select(static change => $"{change.Name}: {change.From ?? "null"} -> {change.To ?? "null"}")));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{ "b": 2, "a": 1.0 }""", false)]
    [InlineData("1e99999999999", "1e99999999999", false)]
    [InlineData("1e99999999999", "1e99999999998", true)]
    [InlineData("[1]", "[2]", true)]
    [InlineData(null, "null", true)]
    public void Schemas_are_equal_as_json(string? from, string? to, bool changed) => Assert.Equal(changed, VersionComparison.Of(Version(from), Version(to)).IsSchemaChanged);

    private static ArtifactVersion Version(string? schema) =>
        ArtifactVersion.First(new Registration("n", ArtifactType.Dataset, new ArtifactDigests(null, null, "d"), null) { Schema = schema, Metadata = ImmutableArray<Tag>.Empty }, ArtifactType.Dataset, 1, default);
}
