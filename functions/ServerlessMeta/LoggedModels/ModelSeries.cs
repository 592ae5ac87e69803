using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>The metrics of a logged model that differ in their point alone: one key, one run, one dataset. As a text it names the series in the model's row.</summary>
internal readonly record struct ModelSeries(string Key, RunId Run, string? DatasetName, string? DatasetDigest)
{
    private const char Separator = '\n';
    private const char Numbered = '#';
    private const string None = "-";

    public static ModelSeries Of(ModelMetric metric) => new(metric.Point.Key, metric.Run, metric.DatasetName, metric.DatasetDigest);

    /// <summary>Key, run (its number when it has one) and the length of the dataset's name stand first: none of them has a line break. Then its name and digest, which may have anything.</summary>
    public string Write(int? run)
    {
        var by = run is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Numbered}{number}") : Run.ToString();
        return string.Create(CultureInfo.InvariantCulture,
            $"{Key}{Separator}{by}{Separator}{DatasetName?.Length.ToString(CultureInfo.InvariantCulture) ?? None}{Separator}{DatasetName}{(DatasetDigest is null ? "" : Separator + DatasetDigest)}");
    }

    /// <returns>The series, and whether it spells out its run.</returns>
    public static (ModelSeries Series, bool IsFirst) Read(string text, IReadOnlyList<RunId> runs)
    {
        var parts = text.Split(Separator, 4);
        var isFirst = parts[1][0] != Numbered;
        var run = isFirst ? RunId.Parse(parts[1], CultureInfo.InvariantCulture) : runs[int.Parse(parts[1].AsSpan(1), CultureInfo.InvariantCulture)];
        var name = parts[2] == None ? null : parts[3][..int.Parse(parts[2], CultureInfo.InvariantCulture)];
        var rest = parts[3][(name?.Length ?? 0)..];
        return (new ModelSeries(parts[0], run, name, rest.Length == 0 ? null : rest[1..]), isFirst);
    }
}
