namespace ServerlessMeta.Search;

/// <summary>One field of an order, as the query writes it.</summary>
internal readonly record struct OrderTerm(FieldName Field, bool Descending)
{
    public override string ToString() => $"{Field} {(Descending ? "DESC" : "ASC")}";
}
