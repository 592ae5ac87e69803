using CsCheck;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Artifacts;

public sealed class FileKeysTests
{
    private const string Run = "0/000000000001a20e1e63c8df079af2da/artifacts";

    private static readonly Gen<string> GenName = Gen.OneOf(Gen.String[1, 8], Gen.OneOf(Gen.Const("a"), Gen.Const("a-b"), Gen.Const("a|b"), Gen.Const("^"), Gen.Const("%2e"), Gen.Const("#?"), Gen.Const("ü"), Gen.Const("名前"), Gen.Const("🎈"), Gen.Const("artifacts"), Gen.Const("m-000000000001a20e1e63c8df079af2da"))).Where(static name => ArtifactPath.Parse(name).IsOk && !name.Contains('/', StringComparison.Ordinal));

    private static readonly Gen<string> GenPath = Gen.Select(Gen.OneOf(Gen.Const(""), Gen.Const(Run + "/"), Gen.Const("models/")), GenName.List[1, 5]).Select(static (root, names) => root + string.Join('/', names));

    [Fact]
    public void A_path_comes_back_from_its_keys() => GenPath.Sample(static text =>
    {
        var path = ArtifactPath.Parse(text).Value;
        var (partition, inner) = FileKeys.Split(path);

        Assert.Equal(text, FileKeys.PathOf(partition, FileKeys.File(inner)));
        TableLimits.Weigh(new Azure.Data.Tables.TableEntity(partition, FileKeys.File(inner)));
    });

    [Fact]
    public void A_folders_range_holds_what_lies_below_it_and_nothing_else() => Gen.Select(GenName.List[1, 3], GenName.List[1, 3]).Sample(static (folder, other) =>
    {
        var (partition, inner) = FileKeys.Split(ArtifactPath.Parse($"{Run}/{string.Join('/', folder)}").Value);
        var (otherPartition, otherInner) = FileKeys.Split(ArtifactPath.Parse($"{Run}/{string.Join('/', other)}").Value);
        var (from, below) = FileKeys.Inside(inner);
        var key = FileKeys.File(otherInner);

        Assert.Equal(partition, otherPartition);
        Assert.Equal(other.Count > folder.Count && other.Take(folder.Count).SequenceEqual(folder), string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, below) < 0);
    });

    [Theory]
    [InlineData(Run + "/a/b", Run, "a/b")]
    [InlineData("here/000000000001a20e1e63c8df079af2da/artifacts/a", "here/000000000001a20e1e63c8df079af2da/artifacts", "a")]
    [InlineData("0/models/m-000000000001a20e1e63c8df079af2da/artifacts/MLmodel", "0/models/m-000000000001a20e1e63c8df079af2da/artifacts", "MLmodel")]
    [InlineData("data/2026/a.csv", "data", "2026/a.csv")]
    [InlineData("a.csv", "a.csv", "")]
    public void Files_of_one_run_or_model_share_a_partition(string path, string folder, string inner) =>
        Assert.Equal((folder.Replace('/', '|'), inner), FileKeys.Split(ArtifactPath.Parse(path).Value));

    [Theory]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("%2e%2e/a")]
    [InlineData("a/%2E%2E/b")]
    [InlineData("C:/windows")]
    [InlineData("a\uFFFDb")]
    public void A_path_that_leaves_its_folder_or_is_no_text_is_refused(string path) => Assert.StartsWith("Invalid path", ArtifactPath.Parse(path).Failure?.Detail, StringComparison.Ordinal);

    [Fact]
    public void A_path_is_refused_just_beyond_what_a_key_takes()
    {
        Assert.True(ArtifactPath.Parse(new string('a', 480)).IsOk);
        Assert.False(ArtifactPath.Parse(new string('a', 481)).IsOk);
        Assert.True(ArtifactPath.Parse(new string('#', 170)).IsOk);
        Assert.False(ArtifactPath.Parse(new string('#', 171)).IsOk);
        Assert.True(ArtifactPath.Parse(new string('漢', 340)).IsOk);
        Assert.False(ArtifactPath.Parse(new string('漢', 341)).IsOk);
        Assert.True(ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("a", 64))).IsOk);
        Assert.False(ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("a", 65))).IsOk);
    }

    [Theory]
    [InlineData("text/html", "application/octet-stream")]
    [InlineData("text/html; charset=utf-8", "application/octet-stream")]
    [InlineData("image/svg+xml", "application/octet-stream")]
    [InlineData("application/xhtml+xml", "application/octet-stream")]
    [InlineData("text/xml", "application/octet-stream")]
    [InlineData("text/javascript", "application/octet-stream")]
    [InlineData("application/javascript", "application/octet-stream")]
    [InlineData("application/pdf", "application/octet-stream")]
    [InlineData("nonsense", "application/octet-stream")]
    [InlineData("text/x-python", "text/plain")]
    [InlineData("text/css", "text/plain")]
    [InlineData("image/png", "image/png")]
    [InlineData("TEXT/CSV", "TEXT/CSV")]
    public void A_browser_is_told_no_type_that_it_would_run(string stored, string answered) => Assert.Equal(answered, ContentTypes.Safe(stored));
}
