using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>field [ASC|DESC]</summary>
internal static class OrderParser
{
    internal const int LongestClause = 10_000;

    public static Result<OrderTerm> Parse(string clause)
    {
        if (clause.Length > LongestClause || !QueryText.IsWellFormed(clause)) return Fault("Invalid order_by clause", clause, " Could not be parsed.");

        var lexer = new Lexer(clause);
        if (FilterParser.NameIn(lexer.Next()) is not { } field) return Fault("Invalid order_by clause", clause, " Could not be parsed.");

        var direction = lexer.Next();
        if (direction.Kind is TokenKind.End) return new OrderTerm(field, Descending: false);
        if (lexer.Next().Kind is not TokenKind.End) return Fault("Invalid order_by clause", clause, " Could not be parsed.");
        if (direction.Is("ASC")) return new OrderTerm(field, Descending: false);
        if (direction.Is("DESC")) return new OrderTerm(field, Descending: true);
        return direction.Kind is TokenKind.Word
            ? Fault("Invalid ordering key in order_by clause", clause, "")
            : Fault("Invalid order_by clause", clause, " Could not be parsed.");
    }

    private static Failure.Invalid Fault(string start, string clause, string end) =>
        new("order_by", $"{start} '{QueryText.Excerpt(clause)}'.{end}");
}
