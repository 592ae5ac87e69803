using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Environments;

/// <summary>Environments as they are stored: canonical, named by content, packed into rows that Azure takes.</summary>
public sealed class StoredEnvironmentTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.OneOf("", "a", "\"", "\\", "\n", "\u0000\u001f", "é", "😀", "</script>", "\u2028"), Gen.String.Where(IsWhole));

    private static readonly Gen<Tag[]> Maps = Gen.Dictionary(Texts, Texts)[0, 4].Select(static pairs => pairs.Select(static pair => new Tag(pair.Key, pair.Value)).OrderBy(static tag => tag.Key, StringComparer.Ordinal).ToArray());

    private static readonly Gen<EnvironmentFile[]> Files = Gen.Dictionary(Texts, Texts)[0, 4].Select(static pairs => pairs.Select(static pair => new EnvironmentFile(pair.Key, pair.Value)).ToArray());

    private static readonly Gen<EnvironmentContent> Contents = Gen.Select(Files, Files, Texts.Null(), Maps, Maps).Select(static (files, taken, image, languages, packages) => new EnvironmentContent
    {
        Files = [.. files], Taken = [.. taken], Docker = image is null ? null : new DockerImage(image, null, image), Languages = [.. languages], Packages = [.. packages],
    });

    private static readonly Gen<Launch> Launches = Gen.Select(Texts.Null(), Texts.Array[0, 3], Maps, Gen.Long.Nullable(), Gen.Bool.Nullable()).Select(static (text, arguments, variables, seed, dirty) => new Launch
    {
        Git = new GitState(text, null, text, text, dirty), EntryPoint = text, Arguments = [.. arguments], Variables = [.. variables], Seed = seed,
    });

    [Fact]
    public void Any_environment_comes_back_and_keeps_its_name() => Contents.Sample(static content =>
    {
        var (digest, bytes) = EnvironmentCodec.Encode(content);

        var read = EnvironmentCodec.DecodeContent(bytes);

        Assert.Equal(content.Files, read.Files);
        Assert.Equal(content.Taken, read.Taken);
        Assert.Equal(content.Docker, read.Docker);
        Assert.Equal(content.Languages, read.Languages);
        Assert.Equal(content.Packages, read.Packages);
        Assert.Equal(digest, EnvironmentCodec.Encode(read).Digest);
    });

    [Fact]
    public void Any_launch_comes_back_and_keeps_its_name() => Launches.Sample(static launch =>
    {
        var (digest, bytes) = EnvironmentCodec.Encode(launch);

        var read = EnvironmentCodec.DecodeLaunch(bytes);

        Assert.Equal((launch.Git, launch.EntryPoint, launch.Seed), (read.Git, read.EntryPoint, read.Seed));
        Assert.Equal(launch.Arguments, read.Arguments);
        Assert.Equal(launch.Variables, read.Variables);
        Assert.Equal(digest, EnvironmentCodec.Encode(read).Digest);
    });

    [Fact]
    public void Canonical_json_is_json_and_spaces_change_nothing() => Gen.Select(Maps, Texts, Gen.Double, Gen.Bool).Sample(static (map, text, number, flag) =>
    {
        static CanonicalJson Write(Tag[] map, string text, double number, bool flag, bool isForPeople)
        {
            var json = new CanonicalJson(isForPeople);
            return json.Object(null, () => json.Object("map", () => Array.ForEach(map, pair => json.Text(pair.Key, pair.Value))).List("list", [text, text], item => json.Text(null, item)).List("none", Array.Empty<int>(), _ => { }).Number("number", number).Flag("flag", flag).TextIf("absent", null));
        }

        using var one = JsonDocument.Parse(Write(map, text, number, flag, isForPeople: false).ToUtf8());
        using var other = JsonDocument.Parse(Write(map, text, number, flag, isForPeople: true).ToUtf8());

        Assert.True(JsonElement.DeepEquals(one.RootElement, other.RootElement));
        Assert.Equal(map.Select(static pair => (pair.Key, pair.Value)), one.RootElement.GetProperty("map").EnumerateObject().Select(static pair => (pair.Name, pair.Value.GetString()!)));
        Assert.Equal([text, text], one.RootElement.GetProperty("list").EnumerateArray().Select(static item => item.GetString()));
        Assert.Equal(double.IsFinite(number) ? JsonValueKind.Number : JsonValueKind.String, one.RootElement.GetProperty("number").ValueKind);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(14_000)]
    public void Packages_come_back_from_a_row_that_azure_takes(int count)
    {
        var index = Index(count, "some-package");

        var row = EnvironmentRow.From(new string('0', 64), index);

        Assert.InRange(TableLimits.Weigh(row), 1, TableLimits.RowBytes);
        var read = new List<Tag>();
        Assert.All(EnvironmentRow.To(row)!, chunk => PackedFields.Decode(chunk, read));
        Assert.Equal(index, read);
    }

    [Fact]
    public void Packages_beyond_a_row_are_left_to_the_content()
    {
        var row = EnvironmentRow.From(new string('0', 64), Index(20_000, new string('n', 214)));

        Assert.InRange(TableLimits.Weigh(row), 1, 1000);
        Assert.Null(EnvironmentRow.To(row));
    }

    [Fact]
    public void A_row_of_newer_code_is_not_guessed_at()
    {
        var row = EnvironmentRow.From(new string('0', 64), []);
        row["v"] = 2;

        Assert.Throws<InvalidDataException>(() => EnvironmentRow.To(row));
    }

    [Fact]
    public void Any_path_that_is_let_pass_stays_in_its_folder() => Gen.OneOf(Gen.String, Gen.OneOf("..", ".", "/", "\\", "a", "C:", " ", "\u0000", "...", "~", "%2e%2e", "//").Array[0, 8].Select(static parts => string.Concat(parts))).Sample(static path =>
    {
        if (EnvironmentPaths.Fault(path) is not null)
        {
            return;
        }
        Assert.StartsWith("/root/", Path.GetFullPath(Path.Combine("/root", path)), StringComparison.Ordinal);
        Assert.DoesNotContain(path, static c => char.IsControl(c) || c is '\\' or ':' or '<' or '>' or '"' or '|' or '?' or '*');
        Assert.True(ArtifactPath.Parse(path).IsOk);
    }, iter: 20_000);

    [Theory]
    [InlineData("aux.txt", false)]
    [InlineData("nul", false)]
    [InlineData("con/x", false)]
    [InlineData("a/Com1.tar.gz", false)]
    [InlineData("LPT\u00B9.txt", false)]
    [InlineData("prn .txt", false)]
    [InlineData("CONIN$", false)]
    [InlineData("a<b", false)]
    [InlineData("a>b", false)]
    [InlineData("a\"b", false)]
    [InlineData("a|b", false)]
    [InlineData("what?", false)]
    [InlineData("*.py", false)]
    [InlineData(".git/config", false)]
    [InlineData("a/.GIT/hooks/post-checkout", false)]
    [InlineData(".git", false)]
    [InlineData("git~1/config", false)]
    [InlineData(".g\u200cit/config", false)]
    [InlineData("auxiliary.txt", true)]
    [InlineData("com/x", true)]
    [InlineData("com10", true)]
    [InlineData("console/nulls.txt", true)]
    [InlineData(".gitignore", true)]
    [InlineData(".github/x", true)]
    [InlineData("~a b'c;d&e.py", true)]
    public void Names_that_are_no_plain_file_on_some_system_are_refused(string path, bool isPortable)
    {
        Assert.Equal(isPortable, EnvironmentPaths.IsPortable(path));
        Assert.Equal(isPortable, EnvironmentPaths.Fault(path) is null);
    }

    [Theory]
    [InlineData("https://user:token@example.org/x.git", "https://example.org/x.git")]
    [InlineData("https://token@example.org:8443/x.git", "https://example.org:8443/x.git")]
    [InlineData("https://a:b@c@example.org", "https://example.org")]
    [InlineData("HTTP://a:@example.org/x@y", "HTTP://example.org/x@y")]
    [InlineData("git+https://a:b@example.org/x#egg=y", "git+https://example.org/x#egg=y")]
    [InlineData("codecommit::https://a:b@example.org/x", "codecommit::https://example.org/x")]
    [InlineData("ssh://git@example.org/x", "ssh://git@example.org/x")]
    [InlineData("ssh://git:secret@example.org/x", "ssh://git@example.org/x")]
    [InlineData("git@example.org:a/x.git", "git@example.org:a/x.git")]
    [InlineData("https://example.org/x.git", "https://example.org/x.git")]
    [InlineData("https://example.org/@a/x.git", "https://example.org/@a/x.git")]
    [InlineData("/srv/x@y.git", "/srv/x@y.git")]
    [InlineData("://", "://")]
    [InlineData("", "")]
    public void No_secret_stays_in_a_remote(string remote, string kept)
    {
        Assert.Equal(kept, new GitState(null, remote, null, null, null).Remote);
        Assert.Equal(kept, (GitState.None with { Remote = remote }).Remote);
        Assert.Equal(kept, GitState.None.Or(GitState.None with { Remote = remote }).Remote);
    }

    [Theory]
    [InlineData("a,b,c", "")]
    [InlineData("a,A", "1")]
    [InlineData("a,a/b", "1")]
    [InlineData("a/b,A", "1")]
    [InlineData("a/b,a/c,A/b", "2")]
    [InlineData("a/b/c,a/b,a/b/d", "1")]
    public void Paths_that_cannot_lie_beside_each_other_are_found(string paths, string clashes) =>
        Assert.Equal(clashes, string.Join(',', EnvironmentPaths.Clashes(paths.Split(','))));

    [Fact]
    public void Taken_files_are_bounded_and_taking_them_again_changes_nothing() => Gen.Select(Gen.OneOf("a", "b", "c/d", "A"), Gen.OneOf("conda.yaml", "requirements.txt", "MLmodel"), Gen.OneOf("", "a==1", "python_version: 3")).Array[0, 20].Sample(static taken =>
    {
        var files = taken.Select(static file => new EnvironmentFile($"{file.Item1}/{file.Item2}", file.Item3)).DistinctBy(static file => file.Path.ToUpperInvariant()).ToArray();

        var once = TakenFiles.Merge([], files).ToArray();

        Assert.Equal(once, TakenFiles.Merge(once, files));
        Assert.Equal(once, once.OrderBy(static file => file.Path, StringComparer.Ordinal));
    });

    [Fact]
    public void Taken_files_beyond_the_limits_are_left_out()
    {
        var many = Enumerable.Range(0, 80).Select(static n => new EnvironmentFile(string.Create(CultureInfo.InvariantCulture, $"m{n}/requirements.txt"), string.Create(CultureInfo.InvariantCulture, $"p=={n}"))).ToArray();
        var large = Enumerable.Range(0, 10).Select(static n => new EnvironmentFile(string.Create(CultureInfo.InvariantCulture, $"m{n}/requirements.txt"), new string((char)('a' + n), 1_000_000))).ToArray();

        Assert.Equal(EnvironmentRules.MaxFiles, TakenFiles.Merge([], many).Count());
        Assert.Equal(8, TakenFiles.Merge([], large).Count());
    }

    private static List<Tag> Index(int count, string name) =>
        [.. Enumerable.Range(0, count).Select(n => new Tag(string.Create(CultureInfo.InvariantCulture, $"python:{name}-{n}"), string.Create(CultureInfo.InvariantCulture, $"1.{n}.0"))).OrderBy(static tag => tag.Key, StringComparer.Ordinal)];

    private static bool IsWhole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
