using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A column of an export: a number, an instant or a text of each run.</summary>
internal sealed class ExportColumn(Field wanted, RunGrammar grammar)
{
    private readonly RunFieldReader reader = new(wanted, grammar.Words);

    public string Name { get; } = FieldText.Label(wanted, grammar.Fields);

    public bool IsInstant => reader.IsNumber && wanted.Kind is FieldKind.Attribute;

    public bool IsNumber => reader.IsNumber && !IsInstant;

    /// <summary>False when the run has no such number, or the column has none.</summary>
    public bool TryNumber(RunRecord run, out double value)
    {
        value = 0;
        return IsNumber && reader.TryNumber(run, out value);
    }

    /// <summary>Null when the run has no such instant, or the column has none.</summary>
    public DateTime? Instant(RunRecord run) => IsInstant && reader.TryNumber(run, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds((long)at).UtcDateTime : null;

    /// <summary>An instant is written as text too; null when the run has no such text, or the column has numbers.</summary>
    public string? Text(RunRecord run) => reader.IsNumber ? Instant(run)?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) : reader.Text(run);
}
