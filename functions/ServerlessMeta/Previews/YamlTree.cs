using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServerlessMeta.Previews;

/// <summary>A YAML document as far as a preview needs it. Aliases are not followed, so that none multiplies; too many nodes or too deep ones are refused.</summary>
internal sealed record YamlTree
{
    private const int MaxNodes = 10_000;
    private const int MaxDepth = 32;

    /// <summary>A simple value; null for a mapping, a list or nothing.</summary>
    public string? Text { get; private init; }

    public ImmutableArray<(string Name, YamlTree Tree)> Fields { get; private init; } = [];

    public YamlTree? Find(string name) => Fields.FirstOrDefault(field => field.Name == name).Tree;

    public string? TextOf(string name) => Find(name)?.Text;

    /// <exception cref="YamlException">It is no YAML, or none of a usual size and depth.</exception>
    public static YamlTree Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        var nodes = 0;
        while (parser.MoveNext() && parser.Current is StreamStart or DocumentStart)
        {
        }
        return ReadNode(parser, 0, ref nodes);
    }

    private static YamlTree ReadNode(Parser parser, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new YamlException("The document is too large or too deep.");
        }
        switch (parser.Current)
        {
            case Scalar scalar:
                return new YamlTree { Text = scalar is { Style: ScalarStyle.Plain, Value: "null" or "~" or "" } ? null : scalar.Value };
            case SequenceStart:
                while (Next(parser) is not SequenceEnd)
                {
                    ReadNode(parser, depth + 1, ref nodes);
                }
                return new YamlTree();
            case MappingStart:
                var fields = ImmutableArray.CreateBuilder<(string, YamlTree)>();
                while (Next(parser) is not MappingEnd)
                {
                    var name = ReadNode(parser, depth + 1, ref nodes).Text ?? "";
                    Next(parser);
                    fields.Add((name, ReadNode(parser, depth + 1, ref nodes)));
                }
                return new YamlTree { Fields = fields.ToImmutable() };
            default:
                return new YamlTree();
        }
    }

    private static ParsingEvent Next(Parser parser) =>
        parser.MoveNext() ? parser.Current! : throw new YamlException("The document ends too early.");
}
