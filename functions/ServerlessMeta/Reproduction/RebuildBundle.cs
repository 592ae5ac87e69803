using System.Text;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Reproduction;

/// <summary>The files of the archive that rebuilds a run.</summary>
internal static class RebuildBundle
{
    public static List<ZipEntry> Of(RebuildRecord record)
    {
        var steps = EnvironmentSteps.Of(record);
        var entries = (steps.Pins is { } pins ? steps.Files.Append(pins) : steps.Files).Select(static file => ZipEntry.Of(file.Path, Encoding.UTF8.GetBytes(file.Content))).ToList();
        entries.Add(Text(EnvironmentPaths.Params, ParamsOf(record)));
        entries.Add(Text(EnvironmentPaths.Datasets, DatasetsOf(record)));
        entries.Add(Text(EnvironmentPaths.Code, CodeOf(record)));
        entries.Add(ZipEntry.Of(EnvironmentPaths.Readme, Encoding.UTF8.GetBytes(new RebuildReadme(record, steps).Write())));
        if (record.Environment.Launch.Git.Diff is { } diff)
        {
            // A patch without its last line break is none.
            entries.Add(ZipEntry.Of(EnvironmentPaths.Patch, Encoding.UTF8.GetBytes(diff.EndsWith('\n') ? diff : diff + "\n")));
        }
        entries.AddRange(record.Files.Select(static file => new ZipEntry(EnvironmentPaths.FilesFolder + file.Path, file.Size, file.Open)));
        return entries;
    }

    /// <summary>The environment's files that an archive has: described ones first; a taken one that cannot lie beside them is left out.</summary>
    public static List<EnvironmentFile> FilesOf(RunEnvironment environment)
    {
        var files = environment.Files.Where(static file => !file.IsTaken).Concat(environment.Files.Where(static file => file.IsTaken)).Select(static file => file.File).ToList();
        if (environment.Docker?.Dockerfile is { } dockerfile)
        {
            files.Insert(0, new EnvironmentFile(EnvironmentPaths.Dockerfile, dockerfile));
        }
        files.RemoveAll(static file => EnvironmentPaths.Fault(file.Path) is not null);
        foreach (var clash in EnvironmentPaths.Clashes([.. files.Select(static file => file.Path)]).Reverse().ToList())
        {
            files.RemoveAt(clash);
        }
        return files;
    }

    private static ZipEntry Text(string path, CanonicalJson json) => ZipEntry.Of(path, Encoding.UTF8.GetBytes(json + "\n"));

    private static CanonicalJson ParamsOf(RebuildRecord record)
    {
        var json = new CanonicalJson(isForPeople: true);
        return json.Object(null, () =>
        {
            foreach (var param in record.Run.Params.OrderBy(static param => param.Key, StringComparer.Ordinal))
            {
                json.Text(param.Key, param.Value);
            }
        });
    }

    private static CanonicalJson DatasetsOf(RebuildRecord record)
    {
        var json = new CanonicalJson(isForPeople: true);
        var datasets = record.Run.Datasets.OrderBy(static dataset => dataset.Name, StringComparer.Ordinal).ThenBy(static dataset => dataset.Digest, StringComparer.Ordinal).ToList();
        return json.List(null, datasets, dataset => json.Object(null, () =>
        {
            var reference = DatasetReference.Of(dataset);
            json.Text("name", dataset.Name).Text("digest", dataset.Digest);
            if (reference.Algorithm is { } algorithm)
            {
                json.Text(algorithm, reference.Digest);
            }
            json.Text("sourceType", dataset.SourceType).Text("source", dataset.Source).TextIf("schema", dataset.Schema).TextIf("profile", dataset.Profile);
            json.List("tags", dataset.Tags, tag => json.Object(null, () => json.Text("key", tag.Key).Text("value", tag.Value)));
        }));
    }

    private static CanonicalJson CodeOf(RebuildRecord record)
    {
        var json = new CanonicalJson(isForPeople: true);
        var (git, launch) = (record.Environment.Launch.Git, record.Environment.Launch);
        return json.Object(null, () =>
        {
            json.TextIf("commit", git.Commit).TextIf("remote", git.Remote).TextIf("branch", git.Branch);
            if (git.Dirty is { } dirty)
            {
                json.Flag("dirty", dirty);
            }
            json.TextIf("patch", git.Diff is null ? null : EnvironmentPaths.Patch).TextIf("entryPoint", launch.EntryPoint);
            json.List("arguments", launch.Arguments, argument => json.Text(null, argument));
            EnvironmentCodec.WriteMap(json, "variables", launch.Variables);
            if (launch.Seed is { } seed)
            {
                json.Number("seed", seed);
            }
            json.List("files", record.Files, file => json.Object(null, () => json.Text("path", EnvironmentPaths.FilesFolder + file.Path).Number("size", file.Size).Text("sha256", file.Sha256)));
            json.TextIf("leftOut", record.LeftOut);
        });
    }
}
