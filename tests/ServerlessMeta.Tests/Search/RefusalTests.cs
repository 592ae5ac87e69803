using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>What a caller reads when a query is refused.</summary>
public sealed class RefusalTests
{
    private const string Signs = "{'=', '!=', '<', '<=', '>', '>=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'BETWEEN', 'IS NULL', 'IS NOT NULL'}";

    [Theory]
    [InlineData("metrics.loss >", "metrics.loss >")]
    [InlineData("metrics.loss", "metrics.loss")]
    [InlineData("status = 'FINISHED' AND metrics.loss >", "metrics.loss >")]
    [InlineData("and", "and")]
    [InlineData("and status = 'x'", "and status = 'x'")]
    [InlineData("status = 'x' and and status = 'y'", "and status = 'y'")]
    [InlineData("status = 'x' OR", "")]
    [InlineData("status = 'x' status = 'y'", "status = 'y'")]
    [InlineData("status = 'x', status = 'y'", ", status = 'y'")]
    [InlineData("(status = 'x'", "(status = 'x'")]
    [InlineData("(status = 'x' and)", ")")]
    [InlineData("status = 'x')", ")")]
    [InlineData("()", ")")]
    [InlineData("NOT", "")]
    [InlineData("status = 'x", "status = 'x")]
    [InlineData("status = x'", "'")]
    [InlineData("tags.`a b = 'x'", "tags.`a b = 'x'")]
    [InlineData("metrics. = 1", "metrics. = 1")]
    [InlineData("metrics..a = 1", "metrics..a = 1")]
    [InlineData("metrics.a.b. = 1", "metrics.a.b. = 1")]
    [InlineData("metrics.loss IS 1", "metrics.loss IS 1")]
    [InlineData("params.a IS NOT 1", "params.a IS NOT 1")]
    [InlineData("params.a NOT LIKE 'x'", "params.a NOT LIKE 'x'")]
    [InlineData("metrics.loss BETWEEN 1", "metrics.loss BETWEEN 1")]
    [InlineData("metrics.loss BETWEEN 1 OR 2", "metrics.loss BETWEEN 1 OR 2")]
    [InlineData("metrics.loss IN 1", "metrics.loss IN 1")]
    [InlineData("metrics.loss = 1.2.3", "metrics.loss = 1.2.3")]
    [InlineData("metrics.loss = 0x10", "metrics.loss = 0x10")]
    [InlineData("metrics.loss = 1_000", "metrics.loss = 1_000")]
    [InlineData("metrics.loss = --1", "metrics.loss = --1")]
    [InlineData("metrics.loss = 1; drop table runs", "; drop table runs")]
    [InlineData("status = 'a' || 'b'", "|| 'b'")]
    [InlineData("status='a'and run_id='b'", "status='a'and run_id='b'")]
    public void What_is_no_clause_is_shown(string filter, string clause) => Refused(filter, $"Invalid clause(s) in filter string: '{clause}'");

    [Theory]
    [InlineData("metrics.loss == 1", "==")]
    [InlineData("metrics.loss <> 1", "<>")]
    [InlineData("metrics.loss >> 1", ">>")]
    [InlineData("metrics.loss ~ 1", "~")]
    public void Unknown_signs_are_named(string filter, string sign) => Refused(filter, $"Invalid comparator '{sign}' not one of '{Signs}'");

    [Theory]
    [InlineData("metrics.loss LIKE 1", "LIKE", "{'=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'BETWEEN'}")]
    [InlineData("metrics.loss IS NULL", "IS NULL", "{'=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'BETWEEN'}")]
    [InlineData("start_time ILIKE 1", "ILIKE", "{'=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'BETWEEN'}")]
    [InlineData("params.lr > '1'", ">", "{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}")]
    [InlineData("params.lr LIKE 1", "LIKE", "{'=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'BETWEEN'}")]
    [InlineData("tags.a < 'x'", "<", "{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}")]
    [InlineData("tags.a IN ('x')", "IN", "{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}")]
    [InlineData("params.a NOT IN ('x')", "NOT IN", "{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}")]
    [InlineData("status > 'x'", ">", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    [InlineData("run_id IS NULL", "IS NULL", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    [InlineData("status BETWEEN 'a' AND 'b'", "BETWEEN", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    [InlineData("dataset.name < 'x'", "<", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    public void Comparators_that_a_field_has_not_are_refused_with_those_it_has(string filter, string comparator, string known) =>
        Refused(filter, $"Invalid comparator '{comparator}' not one of '{known}'");

    [Theory]
    [InlineData("metrics.loss = 'x'", "Expected numeric value type for metrics. Found 'x'")]
    [InlineData("metrics.loss = x", "Expected numeric value type for metrics. Found x")]
    [InlineData("metrics.loss BETWEEN 1 AND '2'", "Expected numeric value type for metrics. Found '2'")]
    [InlineData("start_time = 'x'", "Expected numeric value type for numeric attribute: start_time. Found 'x'")]
    [InlineData("\"Created\" = 'x'", "Expected numeric value type for numeric attribute: Created. Found 'x'")]
    [InlineData("tags.a = 1", "Expected a quoted string value for tags (e.g. 'my-value'). Got value 1")]
    [InlineData("tags.a = nan", "Expected a quoted string value for tags (e.g. 'my-value'). Got value nan")]
    [InlineData("status = 1", "Expected a quoted string value for attributes. Got value 1")]
    [InlineData("dataset.name = 1", "Expected a quoted string value for dataset attributes. Got value 1")]
    [InlineData("status = FINISHED", "Parameter value is either not quoted or unidentified quote types used for string value FINISHED. Use either single or double quotes.")]
    [InlineData("params.a = x", "Parameter value is either not quoted or unidentified quote types used for string value x. Use either single or double quotes.")]
    [InlineData("params.a = `x`", "Parameter value is either not quoted or unidentified quote types used for string value `x`. Use either single or double quotes.")]
    [InlineData("params.a = tags.b", "Parameter value is either not quoted or unidentified quote types used for string value tags.b. Use either single or double quotes.")]
    [InlineData("params.a LIKE x", "Parameter value is either not quoted or unidentified quote types used for string value x. Use either single or double quotes.")]
    [InlineData("1 = 1", "Invalid comparison clause. Expected 'Identifier' found '1'")]
    [InlineData("'status' = 'x'", "Invalid comparison clause. Expected 'Identifier' found ''status''")]
    public void Values_of_the_wrong_kind_are_shown(string filter, string message) => Refused(filter, message);

    [Theory]
    [InlineData("run_id IN ()", "a non-empty list of values, but got empty list")]
    [InlineData("run_id IN ('a', 'b',)", "a non-empty list of values, but got ill-formed list.")]
    [InlineData("run_id IN ('a' 'b')", "a non-empty list of values, but got ill-formed list.")]
    [InlineData("run_id IN ('a'", "a non-empty list of values, but got ill-formed list.")]
    [InlineData("run_id IN (,)", "a non-empty list of values, but got ill-formed list.")]
    [InlineData("run_id IN ('a', 1)", "string value, punctuation, or whitespace, but got different type in list: ('a', 1)")]
    [InlineData("run_id IN (a)", "string value, punctuation, or whitespace, but got different type in list: (a)")]
    [InlineData("metrics.loss IN (1, 'a')", "number, punctuation, or whitespace, but got different type in list: (1, 'a')")]
    [InlineData("start_time NOT IN ('a')", "number, punctuation, or whitespace, but got different type in list: ('a')")]
    public void Lists_hold_values_of_one_kind(string filter, string message) => Refused(filter, $"While parsing a list in the query, expected {message}");

    [Theory]
    [InlineData("foo = 'x'", "Invalid attribute key 'foo' specified. Valid keys are '{'run_id', 'run_name', 'run name', 'Run name', 'Run Name', 'user_id', 'status', 'artifact_uri', 'start_time', 'created', 'Created', 'end_time'}'")]
    [InlineData("Status = 'x'", "Invalid attribute key 'Status' specified. Valid keys are '{'run_id', 'run_name', 'run name', 'Run name', 'Run Name', 'user_id', 'status', 'artifact_uri', 'start_time', 'created', 'Created', 'end_time'}'")]
    [InlineData("dataset.size = 'x'", "Invalid dataset key 'size' specified. Valid keys are '{'name', 'digest', 'context'}'")]
    [InlineData("models.a = 'x'", "Invalid entity type 'models'. Valid values are ['attributes', 'metrics', 'params', 'tags', 'datasets', 'packages']")]
    [InlineData("METRICS.a = 1", "Invalid entity type 'METRICS'. Valid values are ['attributes', 'metrics', 'params', 'tags', 'datasets', 'packages']")]
    [InlineData("``.a = 1", "Invalid entity type ''. Valid values are ['attributes', 'metrics', 'params', 'tags', 'datasets', 'packages']")]
    [InlineData("metrics.`` = 1", "Invalid metrics key '' specified.")]
    public void Unknown_fields_are_refused_with_the_known_ones(string filter, string message) => Refused(filter, message);

    [Theory]
    [InlineData("experiment_id = 1", "Invalid attribute key 'experiment_id' specified. Valid keys are '{'name', 'creation_time', 'last_update_time'}'")]
    [InlineData("metrics.a = 1", "Invalid entity type 'metrics'. Valid values are ['attribute', 'tags']")]
    [InlineData("name IN ('x')", "Invalid comparator 'IN' not one of '{'=', '!=', 'LIKE', 'ILIKE'}'")]
    [InlineData("creation_time LIKE 1", "Invalid comparator 'LIKE' not one of '{'=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'BETWEEN'}'")]
    public void Experiments_refuse_what_they_have_not(string filter, string message) => Refused(filter, message, SearchSchemas.Experiments);

    [Theory]
    [InlineData("", "Invalid order_by clause ''. Could not be parsed.")]
    [InlineData("metrics.loss metrics.acc", "Invalid order_by clause 'metrics.loss metrics.acc'. Could not be parsed.")]
    [InlineData("metrics.loss, metrics.acc", "Invalid order_by clause 'metrics.loss, metrics.acc'. Could not be parsed.")]
    [InlineData("metrics.loss DESC ASC", "Invalid order_by clause 'metrics.loss DESC ASC'. Could not be parsed.")]
    [InlineData("metrics.loss ACS", "Invalid ordering key in order_by clause 'metrics.loss ACS'.")]
    [InlineData("'status'", "Invalid order_by clause ''status''. Could not be parsed.")]
    [InlineData("DESC", "Invalid order_by clause 'DESC'. Could not be parsed.")]
    [InlineData("1", "Invalid order_by clause '1'. Could not be parsed.")]
    [InlineData("foo", "Invalid attribute key 'foo' specified. Valid keys are '{'run_id', 'run_name', 'run name', 'Run name', 'Run Name', 'user_id', 'status', 'artifact_uri', 'start_time', 'created', 'Created', 'end_time'}'")]
    [InlineData("models.a", "Invalid entity type 'models'. Valid values are ['attributes', 'metrics', 'params', 'tags', 'datasets', 'packages']")]
    [InlineData("dataset.name", "Invalid order_by entity type 'datasets'")]
    public void Orders_are_one_field_with_a_direction(string order, string message) =>
        Assert.Equal(new Failure.Invalid("order_by", message), RecordQuery.Parse(null, [order], SearchSchemas.Runs).Failure);

    [Theory]
    [InlineData("metrics.loss", "metrics.loss DESC")]
    [InlineData("metrics.loss", "metric.`loss`")]
    [InlineData("start_time", "attributes.Created")]
    [InlineData("run_name", "tags.mlflow.runName")]
    public void An_order_names_no_field_twice(string first, string second)
    {
        var refused = Assert.IsType<Failure.Invalid>(RecordQuery.Parse(null, [first, second], SearchSchemas.Runs).Failure);

        Assert.Equal("order_by", refused.Field);
        Assert.StartsWith("`order_by` contains duplicate fields: [", refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Experiments_are_not_ordered_by_tags() => Assert.Equal(
        new Failure.Invalid("order_by", "Invalid order_by entity type 'tags'"), RecordQuery.Parse(null, ["tags.env"], SearchSchemas.Experiments).Failure);

    private static void Refused(string filter, string message) => Refused(filter, message, SearchSchemas.Runs);

    private static void Refused(string filter, string message, FieldSchema schema) =>
        Assert.Equal(new Failure.Invalid("filter", message), RecordQuery.Parse(filter, [], schema).Failure);
}
