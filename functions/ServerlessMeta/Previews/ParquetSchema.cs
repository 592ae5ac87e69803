using System.Collections.Immutable;
using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>Finds the columns in a Parquet schema, which is a tree written as a list: each element says how many children follow.</summary>
internal sealed class ParquetSchema
{
    private const int Required = 0, Optional = 1, Repeated = 2;
    private static readonly string[] ListNames = [".list.element", ".list.item", ".bag.array_element"];

    private const int MaxDepth = 64;
    private const int MaxWidth = 4096;

    private readonly Stack<(string Path, int ChildrenLeft, int Definition, int Repetition)> parents = new();
    private readonly ImmutableArray<ParquetLeaf>.Builder leaves = ImmutableArray.CreateBuilder<ParquetLeaf>();
    private bool rootSeen;

    public int LeafCount { get; private set; }

    public ImmutableArray<ParquetLeaf> Leaves => leaves.ToImmutable();

    public void Read(ref ThriftReader reader)
    {
        var element = Element.Read(ref reader);
        if (!rootSeen)
        {
            rootSeen = true;
            parents.Push(("", Math.Max(0, element.Children), 0, 0));
            return;
        }
        while (parents.TryPop(out var parent))
        {
            if (parent.ChildrenLeft > 0)
            {
                parents.Push(parent with { ChildrenLeft = parent.ChildrenLeft - 1 });
                Add(element, parent.Path, parent.Definition + (element.Repetition == Required ? 0 : 1), parent.Repetition + (element.Repetition == Repeated ? 1 : 0));
                return;
            }
        }
        throw ThriftReader.Broken();
    }

    private void Add(Element element, string parentPath, int definition, int repetition)
    {
        var path = CellText.Of(parentPath.Length == 0 ? element.Name : $"{parentPath}.{element.Name}");
        if (element.Children > 0)
        {
            if (parents.Count > MaxDepth)
            {
                throw ThriftReader.Broken();
            }
            parents.Push((path, element.Children, definition, repetition));
            return;
        }
        LeafCount++;
        if (leaves.Count < PreviewLimits.Columns)
        {
            leaves.Add(new ParquetLeaf(NameOf(path, repetition), element.Type, element.Width, element.Meaning, element.Scale, element.UnitsPerSecond, definition, repetition));
        }
    }

    /// <summary>A list is a group around a repeated group around its element; only the outermost has a name of its own.</summary>
    private static string NameOf(string path, int repetition)
    {
        foreach (var within in repetition > 0 ? ListNames : [])
        {
            if (path.EndsWith(within, StringComparison.Ordinal) && path.Length > within.Length)
            {
                return path[..^within.Length];
            }
        }
        return path;
    }

    private record struct Element
    {
        public string Name = "";
        public ParquetType Type;
        public ParquetMeaning Meaning;
        public int Children, Repetition, Scale;
        public long UnitsPerSecond = 1_000;
        private int length;

        public Element()
        {
        }

        public readonly int Width => Type switch
        {
            ParquetType.Boolean => 1,
            ParquetType.Int32 or ParquetType.Float => 4,
            ParquetType.Int64 or ParquetType.Double => 8,
            ParquetType.Int96 => 12,
            ParquetType.FixedBytes => length is > 0 and <= MaxWidth ? length : throw ThriftReader.Broken(),
            _ => 0,
        };

        public static Element Read(ref ThriftReader reader)
        {
            var element = new Element();
            var field = 0;
            while (reader.NextField(ref field, out var type))
            {
                switch (field, type)
                {
                    case (1, ThriftReader.I32):
                        element.Type = (ParquetType)reader.ReadInt();
                        break;
                    case (2, ThriftReader.I32):
                        element.length = reader.ReadInt();
                        break;
                    case (3, ThriftReader.I32):
                        element.Repetition = reader.ReadInt();
                        break;
                    case (4, ThriftReader.Binary):
                        var name = reader.ReadBinary();
                        element.Name = CellText.Of(name);
                        break;
                    case (5, ThriftReader.I32):
                        element.Children = reader.ReadInt();
                        break;
                    case (6, ThriftReader.I32):
                        element.SetConverted(reader.ReadInt());
                        break;
                    case (7, ThriftReader.I32):
                        element.Scale = Math.Clamp(reader.ReadInt(), 0, 100);
                        break;
                    case (10, ThriftReader.Struct):
                        element.ReadLogical(ref reader);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
            return element;
        }

        /// <summary>The older way to say what a value means.</summary>
        private void SetConverted(int type) => (Meaning, UnitsPerSecond) = type switch
        {
            0 or 4 or 19 => (ParquetMeaning.Text, UnitsPerSecond),
            5 => (ParquetMeaning.Decimal, UnitsPerSecond),
            6 => (ParquetMeaning.Date, UnitsPerSecond),
            7 => (ParquetMeaning.Time, 1_000),
            8 => (ParquetMeaning.Time, 1_000_000),
            9 => (ParquetMeaning.Timestamp, 1_000),
            10 => (ParquetMeaning.Timestamp, 1_000_000),
            >= 11 and <= 14 => (ParquetMeaning.Unsigned, UnitsPerSecond),
            _ => (Meaning, UnitsPerSecond),
        };

        private void ReadLogical(ref ThriftReader reader)
        {
            var field = 0;
            while (reader.NextField(ref field, out var type))
            {
                if (field is 7 or 8 && type == ThriftReader.Struct)
                {
                    Meaning = field == 7 ? ParquetMeaning.Time : ParquetMeaning.Timestamp;
                    ReadUnit(ref reader);
                    continue;
                }
                Meaning = field switch
                {
                    1 or 4 or 12 => ParquetMeaning.Text,
                    5 => ParquetMeaning.Decimal,
                    6 => ParquetMeaning.Date,
                    14 => ParquetMeaning.Uuid,
                    15 => ParquetMeaning.Half,
                    _ => Meaning,
                };
                reader.Skip(type);
            }
        }

        private void ReadUnit(ref ThriftReader reader)
        {
            var field = 0;
            while (reader.NextField(ref field, out var type))
            {
                if (field != 2 || type != ThriftReader.Struct)
                {
                    reader.Skip(type);
                    continue;
                }
                var unit = 0;
                while (reader.NextField(ref unit, out var inner))
                {
                    UnitsPerSecond = unit switch { 1 => 1_000, 2 => 1_000_000, _ => 1_000_000_000 };
                    reader.Skip(inner);
                }
            }
        }
    }
}
