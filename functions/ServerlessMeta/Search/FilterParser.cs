using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>
/// filter = or [AND];  or = and {OR and};  and = not {AND not};  not = NOT not | "(" or ")" | clause;
/// clause = field (sign value | [NOT] IN "(" value {"," value} ")" | BETWEEN value AND value | LIKE value | ILIKE value | IS [NOT] NULL).
/// </summary>
internal sealed class FilterParser
{
    internal const int LongestFilter = 100_000;
    internal const int DeepestFilter = 100;

    private readonly string source;
    private readonly Lexer lexer;
    private Token token;
    private int depth;
    private Failure? failure;

    private FilterParser(string source)
    {
        this.source = source;
        lexer = new Lexer(source);
        token = lexer.Next();
    }

    /// <summary>The condition; null for a blank filter.</summary>
    public static Result<Condition?> Parse(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter)) return default(Condition);
        if (filter.Length > LongestFilter) return Fault($"Filter string has {filter.Length} characters, but at most {LongestFilter} are allowed.");
        if (!QueryText.IsWellFormed(filter)) return Fault($"Error on parsing filter '{QueryText.Excerpt(filter)}'");

        var parser = new FilterParser(filter);
        var condition = parser.Or();
        if (condition is not null && parser.token.Kind is not TokenKind.End) parser.Fail(parser.token.Start);
        return parser.failure is { } failure ? failure : condition;
    }

    private static Failure.Invalid Fault(string message) => new("filter", message);

    private Condition? Fail(int from) => FailWith($"Invalid clause(s) in filter string: '{Rest(from)}'");

    private Condition? FailWith(string message)
    {
        failure ??= Fault(message) with { At = token.Start };
        return null;
    }

    private string Rest(int from) => QueryText.Excerpt(source.AsSpan(from).TrimEnd());

    private void Advance() => token = lexer.Next();

    private bool Skip(string keyword)
    {
        if (!token.Is(keyword)) return false;
        Advance();
        return true;
    }

    private bool Skip(TokenKind kind)
    {
        if (token.Kind != kind) return false;
        Advance();
        return true;
    }

    private Condition? Or()
    {
        if (And() is not { } first) return null;
        var terms = ImmutableArray.CreateBuilder<Condition>();
        terms.Add(first);
        while (Skip("OR"))
        {
            if (And() is not { } next) return null;
            terms.Add(next);
        }

        return terms.Count == 1 ? first : new Condition.Group(All: false, terms.ToImmutable());
    }

    private Condition? And()
    {
        if (Unary() is not { } first) return null;
        var terms = ImmutableArray.CreateBuilder<Condition>();
        terms.Add(first);
        while (Skip("AND"))
        {
            if (token.Kind is TokenKind.End && depth == 0) break;
            if (Unary() is not { } next) return null;
            terms.Add(next);
        }

        return terms.Count == 1 ? first : new Condition.Group(All: true, terms.ToImmutable());
    }

    private Condition? Unary()
    {
        var start = token.Start;
        var isNot = token.Is("NOT");
        if (!isNot && token.Kind is not TokenKind.Open) return Clause();

        if (++depth > DeepestFilter) return FailWith($"Filter string is nested more than {DeepestFilter} deep.");
        Advance();
        var inner = isNot ? Unary() : Or();
        if (inner is null) return null;
        if (!isNot && !Skip(TokenKind.Close)) return Fail(start);
        depth--;
        return isNot ? new Condition.Not(inner) : inner;
    }

    private Condition? Clause()
    {
        var start = token.Start;
        if (Name() is not { } field) return NoName(start);
        if (token.Kind is TokenKind.Sign)
        {
            var comparator = ComparatorWords.OfSign(token.Text);
            if (comparator is Comparators.None)
            {
                var known = ComparatorWords.Each(Comparators.Number | Comparators.OptionalText).Select(ComparatorWords.Of);
                return FailWith($"Invalid comparator '{QueryText.Excerpt(token.Text)}' not one of '{QueryText.Set(known)}'");
            }

            Advance();
            return One(start, field, comparator);
        }

        if (Skip("LIKE")) return One(start, field, Comparators.Like);
        if (Skip("ILIKE")) return One(start, field, Comparators.ILike);
        if (Skip("IN")) return Many(start, field, Comparators.In);
        if (Skip("BETWEEN")) return Range(start, field);
        if (Skip("NOT")) return Skip("IN") ? Many(start, field, Comparators.NotIn) : Fail(start);
        if (!Skip("IS")) return Fail(start);
        var isNull = !Skip("NOT");
        return Skip("NULL") ? new Condition.Clause(field, isNull ? Comparators.IsNull : Comparators.IsNotNull, []) { Start = start } : Fail(start);
    }

    private FieldName? Name()
    {
        var name = NameIn(token);
        if (name is not null) Advance();
        return name;
    }

    internal static FieldName? NameIn(Token token) => token.Kind switch
    {
        TokenKind.Path => new FieldName(token.Prefix, token.Text),
        TokenKind.DoubleQuoted or TokenKind.BackQuoted => new FieldName(null, token.Text),
        TokenKind.Word when !QueryText.IsKeyword(token.Text) => new FieldName(null, token.Text),
        _ => null,
    };

    private Condition? NoName(int start)
    {
        if (token.Kind is not (TokenKind.Number or TokenKind.SingleQuoted)) return Fail(start);
        var found = QueryText.Excerpt(source.AsSpan(start, token.End - start));
        Advance();
        return token.Kind is TokenKind.Sign ? FailWith($"Invalid comparison clause. Expected 'Identifier' found '{found}'") : Fail(start);
    }

    private Literal? Value()
    {
        Literal? value = token.Kind switch
        {
            TokenKind.SingleQuoted or TokenKind.DoubleQuoted => new Literal.Text(token.Text),
            TokenKind.Number => Number(token.Text),
            TokenKind.Word when Numbers.IsWord(token.Text) => Number(token.Text),
            TokenKind.Word when !QueryText.IsKeyword(token.Text) => new Literal.Word(token.Text),
            _ => null,
        };
        if (value is not null)
        {
            Advance();
        }
        else if (token.Kind is TokenKind.BackQuoted or TokenKind.Path)
        {
            FailWith(Unquoted(source[token.Start..token.End]));
        }

        return value;
    }

    internal static string Unquoted(string value) =>
        "Parameter value is either not quoted or unidentified quote types used for string value "
        + $"{QueryText.Excerpt(value)}. Use either single or double quotes.";

    private static Literal.Number Number(string text) =>
        Numbers.TryParse(text, out var number) ? new Literal.Number(number) : throw new FormatException($"'{text}' is no number.");

    private Condition? One(int start, FieldName field, Comparators comparator) =>
        Value() is { } value ? new Condition.Clause(field, comparator, [value]) { Start = start } : Fail(start);

    private Condition? Range(int start, FieldName field)
    {
        if (Value() is not { } low || !Skip("AND")) return Fail(start);
        return Value() is { } high ? new Condition.Clause(field, Comparators.Between, [low, high]) { Start = start } : Fail(start);
    }

    private Condition? Many(int start, FieldName field, Comparators comparator)
    {
        if (!Skip(TokenKind.Open)) return Fail(start);
        if (Skip(TokenKind.Close)) return FailWith($"{ListFault}a non-empty list of values, but got empty list");
        var values = ImmutableArray.CreateBuilder<Literal>();
        do
        {
            // A comma before the bracket is how a tuple of one is written in Python.
            if (values.Count == 1 && token.Kind is TokenKind.Close) break;
            if (Value() is not { } value) return FailWith($"{ListFault}a non-empty list of values, but got ill-formed list.");
            values.Add(value);
        }
        while (Skip(TokenKind.Comma));

        return Skip(TokenKind.Close)
            ? new Condition.Clause(field, comparator, values.ToImmutable()) { Start = start }
            : FailWith($"{ListFault}a non-empty list of values, but got ill-formed list.");
    }

    internal const string ListFault = "While parsing a list in the query, expected ";
}
