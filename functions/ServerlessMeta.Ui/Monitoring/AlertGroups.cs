using System.Collections.Immutable;
using System.Globalization;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What is open of something that is watched.</summary>
/// <param name="Worse">Measures of performance that got worse.</param>
/// <param name="Columns">Columns that drifted.</param>
/// <param name="Whole">Measures of the window as a whole that drifted.</param>
public sealed record AlertGroups(ImmutableArray<string> Worse, ImmutableArray<string> Columns, ImmutableArray<string> Whole)
{
    private const int Named = 3;

    public static AlertGroups None { get; } = new([], [], []);

    public bool IsEmpty => Worse.IsEmpty && Columns.IsEmpty && Whole.IsEmpty;

    /// <summary>In a line.</summary>
    public string Text => string.Join("; ", new[]
    {
        Worse.IsEmpty ? null : $"worse: {List(Worse)}",
        Columns.IsEmpty ? Whole.IsEmpty ? null : $"drifted: {List(Whole)}" : $"drifted: {List(Columns)}",
    }.OfType<string>());

    /// <param name="alerts">Ids as <see cref="ServerlessMeta.Monitoring.ResultAlerts"/> has them.</param>
    internal static AlertGroups Of(IEnumerable<string>? alerts)
    {
        var (worse, columns, whole) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var alert in alerts ?? [])
        {
            var colon = alert.IndexOf(':', StringComparison.Ordinal);
            (alert[..Math.Max(0, colon)] switch { "performance" => worse, "dataset" => whole, _ => columns }).Add(alert[(colon + 1)..]);
        }
        return new AlertGroups(worse.ToImmutable(), columns.ToImmutable(), whole.ToImmutable());
    }

    private static string List(ImmutableArray<string> names) =>
        names.Length <= Named ? string.Join(", ", names) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(Named))} and {names.Length - Named} more");
}
