namespace ServerlessMeta.Tests.Monitoring.Streams;

/// <summary>STAGGER concepts (Schlimmer and Granger 1986): three words, and three concepts of them one after the other, without noise. The model knows the first.</summary>
internal static class StaggerStream
{
    public static readonly string[] Columns = ["size", "color", "shape"];

    private static readonly string[] Sizes = ["small", "medium", "large"];
    private static readonly string[] Colors = ["red", "green", "blue"];
    private static readonly string[] Shapes = ["circle", "triangle", "square"];

    private static readonly Func<string, string, string, bool>[] Concepts =
    [
        static (size, color, _) => size == "small" && color == "red",
        static (_, color, shape) => color == "green" || shape == "circle",
        static (size, _, _) => size is "medium" or "large",
    ];

    /// <param name="concepts">Each (0 to 2) with the row from which on it holds.</param>
    public static IEnumerable<StreamRow> Rows(int seed, int count, params (int From, int Concept)[] concepts)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var (size, color, shape) = (Sizes[random.Next(3)], Colors[random.Next(3)], Shapes[random.Next(3)]);
            var label = Concepts[concepts.Last(one => one.From <= i).Concept](size, color, shape);
            var prediction = Concepts[concepts[0].Concept](size, color, shape);
            yield return new(i, [size, color, shape], label, prediction, prediction ? 0.95 : 0.05);
        }
    }
}
