using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>Which values and comparators a field takes.</summary>
internal static class ClauseRules
{
    /// <summary>True for numbers, and for params compared with unquoted numbers.</summary>
    public static bool IsNumeric(Condition.Clause clause, BoundField bound, FieldSchema schema) =>
        bound.Type is FieldType.Number
        || (bound.Field.Kind is FieldKind.Param && schema.ParamNumberComparators is not Comparators.None
            && clause.Values.Length > 0 && clause.Values.All(static value => value is Literal.Number));

    public static Failure? Check(Condition.Clause clause, BoundField bound, FieldSchema schema)
    {
        var numeric = IsNumeric(clause, bound, schema);
        var allowed = numeric && bound.Type is FieldType.Text ? schema.ParamNumberComparators : bound.Comparators;
        var isList = clause.Comparator is Comparators.In or Comparators.NotIn;
        var message = isList
            ? ComparatorFault(clause.Comparator, allowed) ?? ListFault(clause, numeric)
            : ValueFault(clause, bound, numeric, schema) ?? ComparatorFault(clause.Comparator, allowed);
        return message is null ? null : new Failure.Invalid("filter", message);
    }

    private static string? ComparatorFault(Comparators comparator, Comparators allowed) => (comparator & allowed) is not Comparators.None
        ? null
        : $"Invalid comparator '{ComparatorWords.Of(comparator)}' not one of '{QueryText.Set(ComparatorWords.Each(allowed).Select(ComparatorWords.Of))}'";

    private static string? ListFault(Condition.Clause clause, bool numeric)
    {
        if (clause.Values.All(value => Fits(value, numeric))) return null;
        var expected = numeric ? "number" : "string value";
        var list = QueryText.Excerpt($"({string.Join(", ", clause.Values)})");
        return $"{FilterParser.ListFault}{expected}, punctuation, or whitespace, but got different type in list: {list}";
    }

    private static bool Fits(Literal value, bool numeric) => numeric ? value is Literal.Number : value is Literal.Text;

    private static string? ValueFault(Condition.Clause clause, BoundField bound, bool numeric, FieldSchema schema)
    {
        if (clause.Values.FirstOrDefault(value => !Fits(value, numeric)) is not { } wrong) return null;

        var found = QueryText.Excerpt(wrong.ToString());
        if (numeric)
        {
            return bound.Written is FieldKind.Attribute
                ? $"Expected numeric value type for numeric attribute: {bound.Spelling}. Found {found}"
                : $"Expected numeric value type for {schema.NameOf(bound.Written)}. Found {found}";
        }

        if (wrong is Literal.Word) return FilterParser.Unquoted(found);
        return bound.Written switch
        {
            FieldKind.Attribute => $"Expected a quoted string value for attributes. Got value {found}",
            FieldKind.Dataset => $"Expected a quoted string value for dataset attributes. Got value {found}",
            var kind => $"Expected a quoted string value for {schema.NameOf(kind)} (e.g. 'my-value'). Got value {found}",
        };
    }
}
