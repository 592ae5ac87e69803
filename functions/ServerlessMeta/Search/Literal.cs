namespace ServerlessMeta.Search;

/// <summary>A value in a filter.</summary>
internal abstract record Literal
{
    /// <summary>A quoted text.</summary>
    internal sealed record Text(string Value) : Literal
    {
        public override string ToString() => QueryText.Quote(Value, '\'');
    }

    internal sealed record Number(double Value) : Literal
    {
        public override string ToString() => Numbers.Print(Value);
    }

    /// <summary>An unquoted word. No field takes it, but what to say about it depends on the field.</summary>
    internal sealed record Word(string Value) : Literal
    {
        public override string ToString() => Value;
    }
}
