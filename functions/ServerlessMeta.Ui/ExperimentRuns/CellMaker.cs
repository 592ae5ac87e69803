using ServerlessMeta.Runs;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>Makes the cells of a column: a metric's with a colour that says how good it is among all.</summary>
internal sealed class CellMaker(Field field, bool? moreIsBetter, ValueRange? range)
{
    private const int LongestText = 60;

    public TableCell Of(Run run)
    {
        if (field.Kind is FieldKind.Metric)
        {
            foreach (var metric in run.Metrics)
            {
                if (metric.Key == field.Key)
                {
                    return new TableCell(Figures.Text(metric.Value), metric.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), true, HeatOf(metric.Value));
                }
            }
            return new TableCell(null, null, true, null);
        }
        foreach (var pair in field.Kind is FieldKind.Param ? run.Params : run.Tags)
        {
            if (pair.Key == field.Key)
            {
                return new TableCell(pair.Value.Length > LongestText ? $"{pair.Value[..LongestText]}…" : pair.Value, pair.Value.Length > LongestText ? pair.Value : null, Numbers.TryParse(pair.Value, out _), null);
            }
        }
        return new TableCell(null, null, false, null);
    }

    private int? HeatOf(double value) => moreIsBetter is { } more && range is { } all && all.High > all.Low && double.IsFinite(value)
        ? (int)Math.Round(100 * ((more ? value - all.Low : all.High - value) / (all.High - all.Low)))
        : null;
}
