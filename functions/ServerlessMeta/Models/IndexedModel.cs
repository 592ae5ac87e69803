namespace ServerlessMeta.Models;

/// <summary>A model as an index has it, with its versions that are not deleted, in ascending order.</summary>
internal sealed record IndexedModel(RegisteredModel Model, ModelVersion[] Versions)
{
    private const int ModelBytes = 600;
    private const int VersionBytes = 300;
    private const int TagBytes = 80;

    /// <summary>About what it takes in memory, in bytes.</summary>
    public long Weight { get; } = ModelBytes + Of(Model.Name, Model.Description, Model.Owner) + Of(Model.Tags) + (64L * (Model.Aliases.Count + Model.Stages.Count + Model.Gone.Count)) + Versions.Sum(Weigh);

    public static long Weigh(ModelVersion version) =>
        VersionBytes + Of(version.Source, version.Location, version.Description, version.Author, version.Owner, version.RunLink) + Of(version.Tags) + (version.LargeTags.Length * 200L);

    /// <summary>This, with the model as it is now and the versions that changed since.</summary>
    public static IndexedModel Merge(IndexedModel? before, RegisteredModel model, IEnumerable<ModelVersion> changed)
    {
        var versions = new SortedDictionary<int, ModelVersion>();
        foreach (var version in (before?.Versions ?? []).Concat(changed).Where(version => model.Has(version.Number)))
        {
            versions[version.Number] = version;
        }
        return new IndexedModel(model, [.. versions.Values]);
    }

    /// <summary>The newest version of each stage.</summary>
    public IEnumerable<ModelVersion> Latest() => Versions.GroupBy(version => Model.StageOf(version.Number)).OrderBy(static stage => stage.Key).Select(static stage => stage.Last());

    private static long Of(params ReadOnlySpan<string?> texts)
    {
        long weight = 0;
        foreach (var text in texts)
        {
            weight += text is null ? 0 : 24 + (2 * text.Length);
        }
        return weight;
    }

    private static long Of(System.Collections.Immutable.ImmutableArray<Platform.Tag> tags) => tags.Sum(static tag => TagBytes + (2L * (tag.Key.Length + tag.Value.Length)));
}
