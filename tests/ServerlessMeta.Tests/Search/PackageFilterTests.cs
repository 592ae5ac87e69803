using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>Filters and orders by the packages of a run's environment.</summary>
public sealed class PackageFilterTests
{
    private static readonly Row[] Runs =
    [
        new Row("a").Package("torch", "2.3.1+cu121").Package("react", "18.2.0", Ecosystem.Npm), new Row("b").Package("torch", "2.10.0"), new Row("c").Package("torch", "2.4.0rc1"), new Row("d").Package("torch", ""),
        new Row("e").Package("react", "18.2.0-beta.2", Ecosystem.Npm), new Row("f").Package("torch", "nightly"),
    ];

    [Theory]
    [InlineData("packages.torch < '2.4'", "acf")]
    [InlineData("packages.torch <= '2.3.1'", "af")]
    [InlineData("packages.torch > '2.3.1'", "bc")]
    [InlineData("packages.torch >= '2.3.1'", "abc")]
    [InlineData("packages.torch = '2.3.1'", "a")]
    [InlineData("packages.torch = '2.3.1+cu121'", "a")]
    [InlineData("packages.torch = '2.3.1+cu118'", "")]
    [InlineData("packages.torch = '2.10'", "b")]
    [InlineData("packages.torch != '2.10'", "acf")]
    [InlineData("packages.torch IN ('2.10', '2.4rc1')", "bc")]
    [InlineData("packages.torch NOT IN ('2.10', '2.4rc1')", "af")]
    [InlineData("packages.torch BETWEEN '2.3' AND '2.4'", "ac")]
    [InlineData("packages.torch LIKE '2.%'", "abc")]
    [InlineData("packages.torch ILIKE 'NIGHT%'", "f")]
    [InlineData("packages.torch IS NULL", "e")]
    [InlineData("packages.torch IS NOT NULL", "abcdf")]
    [InlineData("NOT packages.torch < '2.4'", "bde")]
    [InlineData("package.`Torch` = '2.10'", "b")]
    [InlineData("packages.react < '18.2.0'", "e")]
    [InlineData("packages.react >= '18.2' AND packages.torch < '2.4'", "a")]
    [InlineData("packages.none != '1'", "")]
    public void Packages_compare_as_versions(string filter, string labels)
    {
        var query = RecordQuery.Parse(filter, [], SearchSchemas.Runs);

        Assert.Null(query.Failure);
        Assert.Equal(labels, string.Concat(Runs.Where(run => run.Matches(query.Value)).Select(static run => run.Label)));
    }

    [Theory]
    [InlineData("packages.torch", "facbde")]
    [InlineData("packages.torch DESC", "bcafde")]
    [InlineData("packages.react", "eabcdf")]
    public void Packages_order_as_versions_those_without_one_late_and_missing_ones_last(string order, string labels)
    {
        var query = RecordQuery.Parse(null, [order], SearchSchemas.Runs).Value;

        Assert.Equal(labels, string.Concat(Runs.Order(Comparer<Row>.Create((x, y) => Row.Compare(query, x, y) is not 0 and var byVersion ? byVersion : string.CompareOrdinal(x.Label, y.Label))).Select(static run => run.Label)));
    }

    [Theory]
    [InlineData("packages.torch < 2.4", "Expected a quoted string value for packages (e.g. 'my-value'). Got value 2.4")]
    [InlineData("packages.torch = latest", "Parameter value is either not quoted or unidentified quote types used for string value latest. Use either single or double quotes.")]
    [InlineData("packages.torch IN ('1', 2)", "While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ('1', 2)")]
    [InlineData("packages.`` = '1'", "Invalid packages key '' specified.")]
    public void What_is_no_version_is_refused(string filter, string message) => Assert.Equal(new Failure.Invalid("filter", message), RecordQuery.Parse(filter, [], SearchSchemas.Runs).Failure);

    [Fact]
    public void A_package_has_one_name_whatever_its_case() =>
        Assert.Equal([new Field(FieldKind.Package, "torch")], RecordQuery.Parse("packages.Torch < '2' OR package.TORCH > '3'", ["packages.torch"], SearchSchemas.Runs).Value.Fields);

    [Fact]
    public void A_name_stands_for_the_package_of_any_ecosystem_python_first_or_for_that_of_one() => Assert.Equal(
        ["python:node-sass", "npm:node-sass", "nuget:node-sass", "language:node-sass", "npm:@types/node"],
        PackageName.Candidates("Node-Sass").Concat(PackageName.Candidates("npm:@Types/Node")).Select(static candidate => System.Text.Encoding.UTF8.GetString(candidate.Key)));
}
