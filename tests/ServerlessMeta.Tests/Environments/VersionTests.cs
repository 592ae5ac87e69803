using System.Globalization;
using CsCheck;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Tests.Environments;

/// <summary>The order of versions in each ecosystem.</summary>
public sealed class VersionTests
{
    private static readonly string[] PythonInOrder =
    [
        "0.0.0.dev1", "0.9", "1.dev4", "1.0.dev9", "1.0a0.dev1", "1.0a0", "1.0a3.dev2", "1.0a3", "1.0a3.post4.dev2", "1.0a3.post4", "1.0a12", "1.0b2", "1.0b2.post11.dev3", "1.0b2.post11",
        "1.0rc1.dev7", "1.0rc1", "1.0rc2", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0+5.0", "1.0+12", "1.0.post3.dev4", "1.0.post3", "1.0.post21", "1.0.4", "1.2.dev1", "1.2", "1.10",
        "2024.3", "100000000000000000000000.1", "1!0.1", "1!1.0", "2!0.0.1",
    ];

    private static readonly string[] SemanticInOrder =
    [
        "0.0.4", "0.9.9", "1.0.0-0", "1.0.0-2", "1.0.0-11", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.2.x", "1.0.0-alpha.10", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta-3", "1.0.0-rc.1",
        "1.0.0", "1.0.1", "1.2.0", "1.10.0", "99999999999999999999999.0.0",
    ];

    private static readonly Gen<string> Numbers = Gen.OneOf(Gen.OneOf("0", "00", "1", "01", "2", "10", "99999999999999999999"), Gen.UInt.Select(static n => n.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<string> PythonVersions = Gen.Select(
        Gen.OneOf("", "", "1!", "v"), Numbers.Array[1, 4], Gen.OneOf("", "", "a1", "-Alpha.1", "b", "rc2", "c2", "preview3"), Gen.OneOf("", "", ".post1", "-1", "rev2", "r"), Gen.OneOf("", "", ".dev0", "dev3"),
        Gen.OneOf("", "", "+cu121", "+1.a", "+1_A", "+01")).Select(static (epoch, release, pre, post, dev, local) => $"{epoch}{string.Join('.', release)}{pre}{post}{dev}{local}");

    private static readonly Gen<string> SemanticVersions = Gen.Select(
        Numbers.Array[1, 4], Gen.OneOf("", "", "-alpha", "-Alpha", "-1", "-01", "-a.1", "-a.b.2", "--"), Gen.OneOf("", "+build", "+1.2")).Select(static (numbers, before, build) => $"{string.Join('.', numbers)}{before}{build}");

    private static readonly Gen<PackageVersion> Versions = Gen.Select(Gen.Enum<Ecosystem>(), Gen.OneOf(PythonVersions, SemanticVersions, Gen.String, Gen.OneOf("", "latest", "1.0", "1.0.0", "2004d")))
        .Select(static (ecosystem, text) => new PackageVersion(ecosystem, text));

    [Fact]
    public void Python_versions_are_in_the_order_of_pep_440() => IsInOrder(Ecosystem.Python, PythonInOrder);

    [Theory]
    [InlineData(Ecosystem.Npm)]
    [InlineData(Ecosystem.NuGet)]
    public void Semantic_versions_are_in_the_order_of_precedence(Ecosystem ecosystem) => IsInOrder(ecosystem, SemanticInOrder);

    [Theory]
    [InlineData(Ecosystem.Python, "1.0", "1.0.0.0")]
    [InlineData(Ecosystem.Python, "1.1a1", "v1.1-ALPHA_1")]
    [InlineData(Ecosystem.Python, "1.1rc1", "1.1.c1")]
    [InlineData(Ecosystem.Python, "1.1rc1", "1.1preview1")]
    [InlineData(Ecosystem.Python, "1.0.post2", "1.0-2")]
    [InlineData(Ecosystem.Python, "1.0.post0", "1.0rev")]
    [InlineData(Ecosystem.Python, "1.0.dev0", "1.0dev")]
    [InlineData(Ecosystem.Python, "0!1.09", "1.9")]
    [InlineData(Ecosystem.Python, "1.0+ubuntu-1", "1.0+UBUNTU.01")]
    [InlineData(Ecosystem.Python, "2.3.1+cu121", " 2.3.1+cu121\n")]
    [InlineData(Ecosystem.Npm, "1.0.0+a", "v1.0.0+b")]
    [InlineData(Ecosystem.NuGet, "1.0", "1.0.0.0")]
    [InlineData(Ecosystem.NuGet, "1.0.0-BETA", "1.0.0-beta")]
    public void Spellings_of_one_version_are_equal(Ecosystem ecosystem, string one, string other) =>
        Assert.Equal(0, new PackageVersion(ecosystem, one).ComparedTo(new PackageVersion(ecosystem, other)));

    [Theory]
    [InlineData(Ecosystem.Npm, "1.0.0-Beta", "1.0.0-beta")]
    [InlineData(Ecosystem.NuGet, "1.2.3.4", "1.2.3.10")]
    [InlineData(Ecosystem.Python, "not a version", "0")]
    [InlineData(Ecosystem.Npm, "1.2.3.4", "0.0.1")]
    [InlineData(Ecosystem.Python, "", "not a version")]
    public void The_first_comes_before_the_second(Ecosystem ecosystem, string first, string second) =>
        Assert.Equal(-1, Math.Sign(new PackageVersion(ecosystem, first).ComparedTo(new PackageVersion(ecosystem, second))));

    [Theory]
    [InlineData("2.3.1+cu121", "2.3.1", 0)]
    [InlineData("2.3.1+cu121", "2.3.1+cu118", 1)]
    [InlineData("2.3.1", "2.3.1+cu118", -1)]
    [InlineData("2.3.2+cu121", "2.3.1", 1)]
    public void A_version_without_a_label_stands_for_itself_with_any(string version, string asked, int order) =>
        Assert.Equal(order, Math.Sign(new PackageVersion(Ecosystem.Python, version).ComparedToAsked(new PackageVersion(Ecosystem.Python, asked))));

    [Fact]
    public void The_order_is_total() => Gen.Select(Versions, Versions, Versions).Sample(static (x, y, z) =>
    {
        Assert.Equal(0, x.ComparedTo(x));
        Assert.Equal(Math.Sign(x.ComparedTo(y)), -Math.Sign(y.ComparedTo(x)));
        Assert.True(x.ComparedTo(y) > 0 || y.ComparedTo(z) > 0 || x.ComparedTo(z) <= 0);
        Assert.True(x.ComparedTo(y) != 0 || Math.Sign(x.ComparedTo(z)) == Math.Sign(y.ComparedTo(z)));
    }, iter: 20_000);

    [Fact]
    public void Every_made_version_is_read() => PythonVersions.Sample(static text => Assert.True(new PackageVersion(Ecosystem.Python, text).IsReadable, text));

    [Theory]
    [InlineData(Ecosystem.Python, "Scikit_Learn", "python:scikit-learn")]
    [InlineData(Ecosystem.Python, "zope.-_.interface", "python:zope-interface")]
    [InlineData(Ecosystem.Npm, "@Types/Node.js", "npm:@types/node.js")]
    [InlineData(Ecosystem.NuGet, "Newtonsoft.Json", "nuget:newtonsoft.json")]
    public void Names_are_normal_in_their_ecosystem(Ecosystem ecosystem, string name, string key) => Assert.Equal(key, PackageName.KeyOf(ecosystem, name));

    private static void IsInOrder(Ecosystem ecosystem, string[] texts)
    {
        var versions = texts.Select(text => new PackageVersion(ecosystem, text)).ToList();
        Assert.All(versions, static version => Assert.True(version.IsReadable, version.Text));
        for (var i = 0; i < versions.Count; i++)
        {
            for (var j = 0; j < versions.Count; j++)
            {
                Assert.True(Math.Sign(versions[i].ComparedTo(versions[j])) == Math.Sign(i.CompareTo(j)), $"{versions[i]} against {versions[j]}");
            }
        }
    }
}
