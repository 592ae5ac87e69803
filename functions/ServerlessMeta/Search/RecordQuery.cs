using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>
/// A parsed filter and order. Logic has two values: a clause on a missing field is false (also with !=), and NOT of a false is true.
/// </summary>
public sealed class RecordQuery
{
    private const int MostOrderTerms = 100;
    private const int FingerprintBytes = 12;

    private readonly ImmutableArray<FilterStep> steps;
    private readonly ImmutableArray<OrderStep> orders;
    private readonly int start;
    private readonly string canonical;

    private RecordQuery(QueryCompiler compiler, int start, string canonical)
    {
        Fields = compiler.Fields;
        steps = compiler.Steps;
        orders = compiler.Orders;
        this.start = start;
        this.canonical = canonical;
        Fingerprint = Base64Url.EncodeToString(SHA256.HashData(MemoryMarshal.AsBytes(canonical.AsSpan())).AsSpan(0, FingerprintBytes));
    }

    /// <summary>Every field that filter and order name, each once.</summary>
    public ImmutableArray<Field> Fields { get; }

    /// <summary>Whether it leaves the order open.</summary>
    public bool IsUnordered => orders.IsEmpty;

    /// <summary>Names this query, so that page tokens of other queries are refused.</summary>
    public string Fingerprint { get; }

    public static Result<RecordQuery> Parse(string? filter, IReadOnlyList<string> orderBy, FieldSchema schema)
    {
        var condition = FilterParser.Parse(filter);
        if (!condition.IsOk) return condition.Failure;
        var terms = Terms(orderBy);
        if (!terms.IsOk) return terms.Failure;

        var compiler = new QueryCompiler(schema);
        Result<int> first = condition.Value is null ? FilterStep.Accept : compiler.Add(condition.Value);
        if (!first.IsOk) return first.Failure;
        return compiler.Add(terms.Value) is { } failure ? failure : new RecordQuery(compiler, first.Value, Print(condition.Value, terms.Value));
    }

    public bool Matches<T>(T record) where T : IFieldSource
    {
        var at = start;
        while (at >= 0) at = steps[at].Next(in record);
        return at == FilterStep.Accept;
    }

    /// <summary>Order of two records by the order fields alone; 0 is a tie.</summary>
    public int Compare<T>(T x, T y) where T : IFieldSource
    {
        foreach (ref readonly var order in orders.AsSpan())
        {
            if (order.Compare(in x, in y) is not 0 and var result) return result;
        }

        return 0;
    }

    /// <summary>
    /// A number that sorts records as the first field of the order does, as far as a number can: where two are equal, <see cref="Compare{T}"/> decides. Null: no field orders.
    /// </summary>
    internal double? LeadingKey<T>(T record) where T : IFieldSource => orders.IsEmpty ? null : orders[0].Key(in record);

    /// <summary>The canonical text of filter and order.</summary>
    public override string ToString() => canonical;

    private static Result<ImmutableArray<OrderTerm>> Terms(IReadOnlyList<string> orderBy)
    {
        if (orderBy.Count > MostOrderTerms) return new Failure.Invalid("order_by", $"Invalid order_by: at most {MostOrderTerms} clauses are allowed.");

        var terms = ImmutableArray.CreateBuilder<OrderTerm>(orderBy.Count);
        foreach (var clause in orderBy)
        {
            var term = OrderParser.Parse(clause);
            if (!term.IsOk) return term.Failure;
            terms.Add(term.Value);
        }

        return terms.MoveToImmutable();
    }

    private static string Print(Condition? condition, ImmutableArray<OrderTerm> terms)
    {
        var order = terms.IsEmpty ? "" : $"ORDER BY {string.Join(", ", terms)}";
        return condition is null ? order : $"{condition} {order}".TrimEnd();
    }
}
