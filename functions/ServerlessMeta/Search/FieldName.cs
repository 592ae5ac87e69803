namespace ServerlessMeta.Search;

/// <summary>A field as the query writes it; the schema makes a <see cref="Field"/> of it.</summary>
internal readonly record struct FieldName(string? Prefix, string Key)
{
    public override string ToString()
    {
        if (Prefix is null) return QueryText.IsPlainWord(Key) && !QueryText.IsKeyword(Key) ? Key : QueryText.Quote(Key, '`');
        var prefix = QueryText.IsPlainWord(Prefix) ? Prefix : QueryText.Quote(Prefix, '`');
        return $"{prefix}.{(QueryText.IsPlainKey(Key) ? Key : QueryText.Quote(Key, '`'))}";
    }
}
