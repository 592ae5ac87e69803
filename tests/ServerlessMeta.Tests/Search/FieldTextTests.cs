using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>Fields by comma, as a link names columns and orders, and where a filter is wrong.</summary>
public sealed class FieldTextTests
{
    [Theory]
    [InlineData("metrics.acc > foo bar", "bar")]
    [InlineData("metrics.acc >", "")]
    [InlineData("metrics.acc = 1 AND colour = 'red'", "colour = 'red'")]
    [InlineData("status = 'x' OR metrics.loss LIKE 'y'", "metrics.loss LIKE 'y'")]
    [InlineData("metrics.loss ~ 1", "~ 1")]
    [InlineData("(status = 'x'", "")]
    [InlineData("params.lr = x.y", "x.y")]
    public void Fault_of_a_filter_says_where_it_begins(string filter, string from)
    {
        var fault = Assert.IsType<Failure.Invalid>(RecordQuery.Parse(filter, [], SearchSchemas.Runs).Failure);

        Assert.Equal(from, filter[fault.At!.Value..]);
    }

    [Theory]
    [InlineData("metrics.loss, params.lr", "metrics.loss|params.lr")]
    [InlineData("metrics.`val/f1`,metric.a.b , metrics.a.b", "metrics.`val/f1`|metrics.a.b")]
    [InlineData("tags.\"a, b\"", "tags.`a, b`")]
    [InlineData("start_time,Created", "start_time")]
    [InlineData(" ", "")]
    public void Fields_are_read_as_queries_name_them_and_written_so_again(string text, string expected)
    {
        var read = FieldText.ReadFields(text, "columns", SearchSchemas.Runs).Value;

        Assert.Equal(expected, string.Join('|', read.Select(static field => FieldText.Write(field, SearchSchemas.Runs))));
    }

    [Theory]
    [InlineData("metrics.loss params.lr")]
    [InlineData("metrics.loss,")]
    [InlineData(",")]
    [InlineData("metrics.loss DESC")]
    [InlineData("colour")]
    [InlineData("datasets.name")]
    [InlineData("metrics.'a'")]
    public void What_is_no_list_of_fields_is_refused(string text) => Assert.Equal("columns", Assert.IsType<Failure.Invalid>(FieldText.ReadFields(text, "columns", SearchSchemas.Runs).Failure).Field);

    [Fact]
    public void Order_is_read_by_comma_with_directions() =>
        Assert.Equal(["metrics.loss ASC", "params.`a b` DESC", "run_name ASC"], FieldText.ReadOrder("metrics.loss, params.`a b` desc, run_name ASC", "order").Value);
}
