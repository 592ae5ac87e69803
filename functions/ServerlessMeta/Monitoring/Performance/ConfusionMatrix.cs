namespace ServerlessMeta.Monitoring.Performance;

/// <summary>How often each class was taken for each; counts, so it merges exactly.</summary>
internal sealed class ConfusionMatrix
{
    private readonly Dictionary<(string Actual, string Predicted), long> cells = [];

    public long Count { get; private set; }

    public long Of(string actual, string predicted) => cells.GetValueOrDefault((actual, predicted));

    public void Add(string actual, string predicted, long count = 1)
    {
        Count += count;
        cells[(actual, predicted)] = Of(actual, predicted) + count;
    }

    public void Merge(ConfusionMatrix other)
    {
        foreach (var ((actual, predicted), count) in other.cells.ToArray())
        {
            Add(actual, predicted, count);
        }
    }

    /// <summary>Its sums by class, and its cells by the classes' places, in the order of the words.</summary>
    public ClassTotals Totals()
    {
        string[] classes = [.. cells.Keys.SelectMany(static key => new[] { key.Actual, key.Predicted }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var places = classes.Select(static (name, i) => (name, i)).ToDictionary(static one => one.name, static one => one.i, StringComparer.Ordinal);
        var totals = new ClassTotals(classes);
        foreach (var ((actual, predicted), count) in cells.OrderBy(static cell => cell.Key.Actual, StringComparer.Ordinal).ThenBy(static cell => cell.Key.Predicted, StringComparer.Ordinal))
        {
            totals.Add(places[actual], places[predicted], count);
        }
        return totals;
    }
}
