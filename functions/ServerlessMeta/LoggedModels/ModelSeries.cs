using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>The metrics of a logged model that differ in their point alone: one key, one run, one dataset. As a text it names the series in the model's row.</summary>
internal readonly record struct ModelSeries(string Key, RunId Run, string? DatasetName, string? DatasetDigest)
{
    private const char Separator = '\n';
    private const string None = "-";

    public static ModelSeries Of(ModelMetric metric) => new(metric.Point.Key, metric.Run, metric.DatasetName, metric.DatasetDigest);

    /// <summary>Key, run and the length of the dataset's name stand first: none of them has a line break. Then its name and digest, which may have anything.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture,
        $"{Key}{Separator}{Run}{Separator}{DatasetName?.Length.ToString(CultureInfo.InvariantCulture) ?? None}{Separator}{DatasetName}{(DatasetDigest is null ? "" : Separator + DatasetDigest)}");

    public static ModelSeries Read(string text)
    {
        var parts = text.Split(Separator, 4);
        var run = RunId.Parse(parts[1], CultureInfo.InvariantCulture);
        var name = parts[2] == None ? null : parts[3][..int.Parse(parts[2], CultureInfo.InvariantCulture)];
        var rest = parts[3][(name?.Length ?? 0)..];
        return new ModelSeries(parts[0], run, name, rest.Length == 0 ? null : rest[1..]);
    }
}
