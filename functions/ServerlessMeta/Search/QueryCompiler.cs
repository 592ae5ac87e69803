using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>Checks conditions and order against a schema and turns them into steps over numbered fields.</summary>
internal sealed class QueryCompiler(FieldSchema schema)
{
    private readonly FieldBinder binder = new(schema);
    private readonly Dictionary<Field, int> numbers = [];
    private readonly ImmutableArray<Field>.Builder fields = ImmutableArray.CreateBuilder<Field>();
    private readonly ImmutableArray<FilterStep>.Builder steps = ImmutableArray.CreateBuilder<FilterStep>();
    private readonly ImmutableArray<OrderStep>.Builder orders = ImmutableArray.CreateBuilder<OrderStep>();

    public ImmutableArray<Field> Fields => fields.ToImmutable();

    public ImmutableArray<FilterStep> Steps => steps.ToImmutable();

    public ImmutableArray<OrderStep> Orders => orders.ToImmutable();

    /// <summary>The first step of the condition.</summary>
    public Result<int> Add(Condition condition) => Add(condition, FilterStep.Accept, FilterStep.Reject);

    public Failure? Add(ImmutableArray<OrderTerm> terms)
    {
        var seen = new HashSet<Field>();
        foreach (var term in terms)
        {
            var bound = binder.ForOrder(term.Field);
            if (!bound.IsOk) return bound.Failure;
            if (!seen.Add(bound.Value.Field))
            {
                var all = QueryText.List(terms.Select(static each => QueryText.Excerpt(each.ToString())));
                return new Failure.Invalid("order_by", $"`order_by` contains duplicate fields: {all}");
            }

            orders.Add(new OrderStep(NumberOf(bound.Value.Field), bound.Value.Type, term.Descending));
        }

        return null;
    }

    private int NumberOf(Field field)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, field, out var known);
        if (!known)
        {
            number = fields.Count;
            fields.Add(field);
        }

        return number;
    }

    /// <summary>Compiles from the last term to the first, so that every following step is known when its predecessor is made.</summary>
    private Result<int> Add(Condition condition, int whenTrue, int whenFalse)
    {
        switch (condition)
        {
            case Condition.Not not:
                return Add(not.Term, whenFalse, whenTrue);
            case Condition.Group group:
                Result<int> next = group.All ? whenTrue : whenFalse;
                for (var i = group.Terms.Length - 1; i >= 0 && next.IsOk; i--)
                {
                    next = group.All ? Add(group.Terms[i], next.Value, whenFalse) : Add(group.Terms[i], whenTrue, next.Value);
                }

                return next;
            case Condition.Clause clause:
                var bound = binder.ForFilter(clause.Field);
                if (!bound.IsOk) return At(clause, bound.Failure);
                if (ClauseRules.Check(clause, bound.Value, schema) is { } failure) return At(clause, failure);
                steps.Add(Step(clause, bound.Value, whenTrue, whenFalse));
                return steps.Count - 1;
            default:
                throw new ArgumentOutOfRangeException(nameof(condition), condition, "No such condition.");
        }
    }

    private static Failure At(Condition.Clause clause, Failure failure) => failure is Failure.Invalid invalid ? invalid with { At = clause.Start } : failure;

    private FilterStep Step(Condition.Clause clause, BoundField bound, int whenTrue, int whenFalse)
    {
        var field = NumberOf(bound.Field);
        if (clause.Comparator is Comparators.IsNull or Comparators.IsNotNull)
        {
            return new FilterStep
            {
                Field = field, Access = bound.Type is FieldType.Version ? FieldAccess.Version : FieldAccess.Absence, WhenTrue = whenTrue, WhenFalse = whenFalse,
                WhenMissing = clause.Comparator is Comparators.IsNull,
            };
        }

        if (ClauseRules.IsNumeric(clause, bound, schema))
        {
            return new FilterStep
            {
                Field = field, Access = bound.Type is FieldType.Number ? FieldAccess.Number : FieldAccess.TextAsNumber,
                WhenTrue = whenTrue, WhenFalse = whenFalse,
                Number = new NumberTest(clause.Comparator, [.. clause.Values.Cast<Literal.Number>().Select(static value => value.Value)]),
            };
        }

        var isPattern = clause.Comparator is Comparators.Like or Comparators.ILike;
        ImmutableArray<string> texts =
        [
            .. clause.Values.Cast<Literal.Text>().Select(value => isPattern ? value.Value : bound.ValueAliases?.GetValueOrDefault(value.Value, value.Value) ?? value.Value),
        ];
        if (bound.Type is FieldType.Version)
        {
            return new FilterStep { Field = field, Access = FieldAccess.Version, WhenTrue = whenTrue, WhenFalse = whenFalse, Version = new VersionTest(clause.Comparator, texts) };
        }

        var test = new TextTest(clause.Comparator, texts);
        return new FilterStep
        {
            Field = field, Access = bound.Field.Kind is FieldKind.Dataset ? FieldAccess.AnyText : FieldAccess.Text,
            WhenTrue = whenTrue, WhenFalse = whenFalse, Text = test,
            WhenMissing = clause.Comparator is Comparators.Equal or Comparators.NotEqual && bound.Default is { } missing && test.Holds(missing),
        };
    }
}
