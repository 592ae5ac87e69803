using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A column of an export: a number, an instant or a text of each run.</summary>
internal sealed class ExportColumn(Field field, RunGrammar grammar)
{
    private readonly RunFieldReader reader = new(field, grammar.Words);
    private readonly bool isInstant = field.Kind is FieldKind.Attribute;

    public string Name { get; } = FieldText.Label(field, grammar.Fields);

    /// <summary>False when the run has no such number, or the column has texts.</summary>
    public bool TryNumber(RunRecord run, out double value)
    {
        value = 0;
        return reader.IsNumber && !isInstant && reader.TryNumber(run, out value);
    }

    /// <summary>Null when the run has no such text, or the column has numbers.</summary>
    public string? Text(RunRecord run) =>
        !reader.IsNumber ? reader.Text(run)
        : isInstant && reader.TryNumber(run, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds((long)at).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
        : null;
}
