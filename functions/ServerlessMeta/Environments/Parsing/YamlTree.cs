using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>
/// The first document of a YAML file as a tree, from the event stream: without recursion, so that no depth of nesting overflows the stack, and without following aliases,
/// so that no file grows while it is read. What came before a mistake is kept.
/// </summary>
internal static class YamlTree
{
    private const int MaxDepth = 32;
    private const int MaxItems = 200_000;

    public static YamlItem? Read(string text, Findings found)
    {
        YamlItem? root = null;
        var open = new Stack<(YamlItem Item, string? Key, bool IsMap)>();
        var items = 0;
        try
        {
            var parser = new Parser(new StringReader(text.TrimStart('\uFEFF')));
            while (parser.MoveNext() && parser.Current is not (DocumentEnd or StreamEnd))
            {
                var line = (int)parser.Current!.Start.Line;
                if (++items > MaxItems || open.Count > MaxDepth)
                {
                    found.Skip(line, "Too many items, or too deep.");
                    return root;
                }
                switch (parser.Current)
                {
                    case Scalar scalar:
                        Put(new YamlItem(line) { Text = scalar.Value });
                        break;
                    case AnchorAlias:
                        found.Skip(line, "An alias is not followed.");
                        Put(new YamlItem(line));
                        break;
                    case MappingStart or SequenceStart:
                        var item = new YamlItem(line);
                        var isMap = parser.Current is MappingStart;
                        Put(item);
                        open.Push((item, null, isMap));
                        break;
                    case MappingEnd or SequenceEnd:
                        open.Pop();
                        break;
                    default:
                        break;
                }
            }
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            // The reader of YAML throws what it likes when a text is strange enough.
            found.Skip((int)((wrong as YamlException)?.Start.Line ?? 0), $"No YAML: {wrong.Message}");
        }
        return root;

        void Put(YamlItem item)
        {
            if (!open.TryPop(out var parent))
            {
                root ??= item;
                return;
            }
            if (!parent.IsMap)
            {
                parent.Item.Items.Add(item);
            }
            else if (parent.Key is null)
            {
                // A key that is no text names nothing that is looked for.
                open.Push((parent.Item, item.Text ?? "", true));
                return;
            }
            else
            {
                parent.Item.Members.Add((parent.Key, item));
            }
            open.Push((parent.Item, null, parent.IsMap));
        }
    }
}
