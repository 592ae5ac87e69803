using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

#pragma warning disable CA1822, MA0025, CA1801
/// <summary>A parsed filter and order.</summary>
public sealed class RecordQuery
{
    /// <summary>Every field that filter and order name, each once.</summary>
    public ImmutableArray<Field> Fields { get; }

    /// <summary>Names this query, so that page tokens of other queries are refused.</summary>
    public string Fingerprint => throw new NotImplementedException();

    public static Result<RecordQuery> Parse(string? filter, IReadOnlyList<string> orderBy, FieldSchema schema) => throw new NotImplementedException();

    public bool Matches<T>(T record) where T : IFieldSource => throw new NotImplementedException();

    /// <summary>Order of two records by the order fields alone; 0 is a tie.</summary>
    public int Compare<T>(T x, T y) where T : IFieldSource => throw new NotImplementedException();
}
