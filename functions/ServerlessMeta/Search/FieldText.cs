using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>Fields as queries write them, one or several by comma: columns of a table, and its order.</summary>
public static class FieldText
{
    private const int MostFields = 100;

    /// <summary>As a query names the field, quoted where need be.</summary>
    public static string Write(Field field, FieldSchema schema) =>
        field.Kind is FieldKind.Attribute ? new FieldName(null, Label(field, schema)).ToString() : new FieldName(schema.NameOf(field.Kind), field.Key).ToString();

    /// <summary>As people read it: without quotes.</summary>
    public static string Label(Field field, FieldSchema schema) => field.Kind is FieldKind.Attribute
        ? schema.Attributes.FirstOrDefault(one => one.Key == field.Key)?.Spellings[0] ?? field.Key
        : $"{schema.NameOf(field.Kind)}.{field.Key}";

    /// <summary>Fields by comma, each once, that a query could order by.</summary>
    /// <param name="text">None when blank.</param>
    /// <param name="source">What a refusal calls it.</param>
    /// <param name="schema">Which fields there are.</param>
    public static Result<ImmutableArray<Field>> ReadFields(string? text, string source, FieldSchema schema)
    {
        var terms = ReadTerms(text, source, mayDescend: false);
        if (!terms.IsOk) return terms.Failure;

        var binder = new FieldBinder(schema);
        var fields = ImmutableArray.CreateBuilder<Field>(terms.Value.Length);
        foreach (var term in terms.Value)
        {
            var bound = binder.ForOrder(term.Field);
            if (!bound.IsOk) return new Failure.Invalid(source, bound.Failure.Detail);
            if (!fields.Contains(bound.Value.Field)) fields.Add(bound.Value.Field);
        }

        return fields.ToImmutable();
    }

    /// <summary>Clauses of an order by comma, as <see cref="RecordQuery.Parse"/> takes them.</summary>
    public static Result<ImmutableArray<string>> ReadOrder(string? text, string source)
    {
        var terms = ReadTerms(text, source, mayDescend: true);
        return terms.IsOk ? terms.Value.Select(static term => term.ToString()).ToImmutableArray() : terms.Failure;
    }

    private static Result<ImmutableArray<OrderTerm>> ReadTerms(string? text, string source, bool mayDescend)
    {
        if (string.IsNullOrWhiteSpace(text)) return ImmutableArray<OrderTerm>.Empty;
        if (text.Length > OrderParser.LongestClause || !QueryText.IsWellFormed(text)) return Fault(source, text);

        var lexer = new Lexer(text);
        var terms = ImmutableArray.CreateBuilder<OrderTerm>();
        while (true)
        {
            if (FilterParser.NameIn(lexer.Next()) is not { } name || terms.Count == MostFields) return Fault(source, text);
            var next = lexer.Next();
            var descends = mayDescend && next.Is("DESC");
            if (descends || (mayDescend && next.Is("ASC"))) next = lexer.Next();
            terms.Add(new OrderTerm(name, descends));
            if (next.Kind is TokenKind.End) return terms.ToImmutable();
            if (next.Kind is not TokenKind.Comma) return Fault(source, text);
        }
    }

    private static Failure.Invalid Fault(string source, string text) =>
        new(source, $"Up to {MostFields} fields by comma are expected, as in metrics.loss, params.lr. Found '{QueryText.Excerpt(text)}'");
}
