using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Benchmarks;

/// <summary>The figures as a Markdown table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Markdown(IReadOnlyList<Figure> figures)
    {
        var text = new StringBuilder("| group | figure | goal | measured | ratio | | MLflow | note |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var figure in figures)
        {
            var sign = figure.HigherIsBetter ? ">=" : "<=";
            var ratio = figure.Ratio > 99 ? "> 99" : figure.Ratio.ToString("0.00", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture,
                $"| {figure.Group} | {figure.Name} | {sign} {Number(figure.Goal)} {figure.Unit} | {Number(figure.Measured)} | {ratio} | {figure.Verdict} | {figure.Mlflow} | {figure.Note} |\n");
        }
        return text.ToString();
    }

    public static string Json(IReadOnlyList<Figure> figures, bool quick) => JsonSerializer.Serialize(new
    {
        measuredAt = TimeProvider.System.GetUtcNow(),
        machine = new { cores = Environment.ProcessorCount, system = System.Runtime.InteropServices.RuntimeInformation.OSDescription },
        quick,
        figures = figures.Select(static figure => new
        {
            figure.Group, figure.Name, figure.Unit, figure.Goal, measured = Math.Round(figure.Measured, 4), figure.HigherIsBetter,
            ratio = Math.Round(Math.Min(figure.Ratio, 1000), 3), figure.Verdict, figure.Mlflow, figure.Note,
        }),
    }, Indented);

    private static string Number(double value) => value >= 100
        ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : value.ToString("0.##", CultureInfo.InvariantCulture);
}
