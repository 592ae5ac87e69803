using CsCheck;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.ArtifactVersions;

public sealed class KeyTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char, 1, 80].Where(static name => !name.Any(char.IsSurrogate));

    [Fact]
    public void Keys_are_legal_for_any_name_and_digest() => Gen.Select(Name, Gen.String[1, 128], Gen.Long[1, ArtifactVersionKeys.MaxNumber]).Sample(static (name, digest, number) =>
    {
        var use = new VersionUse(name, number, RunId.New(new ExperimentId(7), 0, DateTimeOffset.UnixEpoch), UseDirection.Used, null);
        foreach (var key in new[]
        {
            ArtifactVersionKeys.Artifact(name), ArtifactVersionKeys.Version(name, number), ArtifactVersionKeys.Claim(name, new KnownDigest(DigestKind.Opaque, digest)), ArtifactVersionKeys.Use(use), ArtifactVersionKeys.OfRun(use),
        })
        {
            TableLimits.Weigh(new(ArtifactVersionKeys.Partition(name), key));
            Assert.InRange(key.Length, 1, 400);
        }
    });

    [Fact]
    public void Artifacts_lie_in_the_order_of_their_names() => Gen.Select(Name, Name).Where(static (one, other) => one.Length <= 64 && other.Length <= 64).Sample(static (one, other) =>
        Math.Sign(string.CompareOrdinal(ArtifactVersionKeys.Artifact(one), ArtifactVersionKeys.Artifact(other))) == Math.Sign(string.CompareOrdinal(one, other)));

    [Fact]
    public void A_prefix_holds_the_names_that_begin_with_it() => Gen.Select(Name, Gen.Int[0, 80]).Sample(static (name, length) =>
    {
        var (from, below) = ArtifactVersionKeys.Artifacts(name[..Math.Min(length, name.Length)]);
        var key = ArtifactVersionKeys.Artifact(name);
        return string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, below) < 0;
    });

    [Fact]
    public void Newer_versions_lie_before_older_ones() => Gen.Select(Gen.Long[1, ArtifactVersionKeys.MaxNumber], Gen.Long[1, ArtifactVersionKeys.MaxNumber]).Sample(static (one, other) =>
        Math.Sign(string.CompareOrdinal(ArtifactVersionKeys.Version("a", one), ArtifactVersionKeys.Version("a", other))) == Math.Sign(other.CompareTo(one)));

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/ArtifactVersions/ArtifactVersionKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToList();

        Assert.Equal(5, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
