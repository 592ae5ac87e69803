using System.Collections.Immutable;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>A record as plain dictionaries.</summary>
internal sealed record Row(string Label)
{
    public Dictionary<Field, double> Numbers { get; } = [];

    public Dictionary<Field, string> Texts { get; } = [];

    public Dictionary<Field, string[]> Many { get; } = [];

    public Dictionary<Field, PackageVersion> Versions { get; } = [];

    /// <summary>Five runs: a is ordinary, b has NaN, c infinity, d minus infinity and empty texts, e hardly anything.</summary>
    public static readonly ImmutableArray<Row> Runs =
    [
        new Row("a").Run("alpha", "ann", "FINISHED", "s3://x/0a", 100, 200).Metric("loss", 0.5).Metric("acc", 1).Metric("val loss", 3)
            .Param("lr", "0.01").Param("opt", "adam").Tag("env", "prod").Tag("team.lead", "red").Datasets(("train", "d1", "training"), ("test", "d2", "validation")),
        new Row("b").Run("Beta", "bob", "RUNNING", "s3://x/0b", 200, null).Metric("loss", double.NaN).Param("lr", "0.1").Param("opt", "Adam").Tag("env", "PROD"),
        new Row("c").Run("gamma ray", "", "FAILED", "s3://y/0c", 300, 300).Metric("loss", double.PositiveInfinity).Metric("acc", 0)
            .Param("lr", "big").Tag("a b", "x").Tag("note", "it's 100%\nor \"more\"").Datasets(("train", "d3", "")),
        new Row("d").Run("", "ann", "KILLED", "s3://y/0d", 0, 400).Metric("loss", double.NegativeInfinity).Param("lr", "1e-2").Param("opt", "").Tag("env", ""),
        new Row("e").Run("alphabet", "eve", "FINISHED", "s3://y/0e", 1_700_000_000_000, null).Metric("acc", -2).Param("lr", "nan").Param("big", "99999999999999999999"),
    ];

    public static readonly ImmutableArray<Row> Experiments =
    [
        new Row("f").Experiment(1, "first", 100, 900).Tag("env", "prod"),
        new Row("s").Experiment(2, "Second", 200, 200).Tag("env", "PROD"),
        new Row("t").Experiment(10, "100% third", 200, 300).Tag("a b", "x"),
    ];

    public Row Metric(string key, double value) => With(new Field(FieldKind.Metric, key), value);

    public Row Param(string key, string value) => With(new Field(FieldKind.Param, key), value);

    public Row Tag(string key, string value) => With(new Field(FieldKind.Tag, key), value);

    public Row Package(string key, string version, Ecosystem ecosystem = Ecosystem.Python)
    {
        Versions[new Field(FieldKind.Package, key)] = new PackageVersion(ecosystem, version);
        return this;
    }

    public Row With(Field field, double value)
    {
        Numbers[field] = value;
        return this;
    }

    public Row With(Field field, string value)
    {
        Texts[field] = value;
        return this;
    }

    public bool Matches(RecordQuery query) => query.Matches(new View(this, query.Fields));

    public static int Compare(RecordQuery query, Row x, Row y) => query.Compare(new View(x, query.Fields), new View(y, query.Fields));

    private static Field Attribute(string key) => new(FieldKind.Attribute, key);

    private Row Run(string name, string user, string status, string uri, double start, double? end)
    {
        With(Attribute(RunFields.Id), $"0{Label}").With(Attribute(RunFields.Name), name).With(Attribute(RunFields.UserId), user);
        With(Attribute(RunFields.Status), status).With(Attribute(RunFields.ArtifactLocation), uri).With(Attribute(RunFields.StartedAt), start);
        return end is { } ended ? With(Attribute(RunFields.EndedAt), ended) : this;
    }

    private Row Experiment(double id, string name, double created, double updated) =>
        With(Attribute(ExperimentFields.Id), id).With(Attribute(ExperimentFields.Name), name)
            .With(Attribute(ExperimentFields.CreatedAt), created).With(Attribute(ExperimentFields.UpdatedAt), updated);

    private Row Datasets(params (string Name, string Digest, string Context)[] datasets)
    {
        Many[new Field(FieldKind.Dataset, RunFields.DatasetName)] = [.. datasets.Select(static dataset => dataset.Name)];
        Many[new Field(FieldKind.Dataset, RunFields.DatasetDigest)] = [.. datasets.Select(static dataset => dataset.Digest)];
        Many[new Field(FieldKind.Dataset, RunFields.DatasetContext)] = [.. datasets.Select(static dataset => dataset.Context).Where(static context => context.Length > 0)];
        return this;
    }

    private readonly struct View(Row row, ImmutableArray<Field> fields) : IFieldSource
    {
        public bool TryNumber(int field, out double value) => row.Numbers.TryGetValue(fields[field], out value);

        public string? Text(int field) => row.Texts.GetValueOrDefault(fields[field]);

        public PackageVersion? Version(int field) => row.Versions.GetValueOrDefault(fields[field]);

        public IReadOnlyList<string> Texts(int field) => row.Many.GetValueOrDefault(fields[field]) ?? [];
    }
}
