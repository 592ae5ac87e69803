namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A metric in a line.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Last">The latest value.</param>
/// <param name="Step">At which it was logged.</param>
/// <param name="Least">Null when that would cost more than it is worth.</param>
/// <param name="Greatest">The same.</param>
public sealed record MetricLine(string Key, double Last, long Step, double? Least = null, double? Greatest = null)
{
    private const string SystemPrefix = "system/";

    /// <summary>Whether it tells of the machine and not of the model.</summary>
    public bool IsSystem => Key.StartsWith(SystemPrefix, StringComparison.Ordinal);
}
