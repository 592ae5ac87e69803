using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>Environments as JSON of the native API.</summary>
internal static class EnvironmentView
{
    public static CanonicalJson Of(NotedEnvironment noted)
    {
        var json = new CanonicalJson();
        return json.Object(null, () => json.Text("runId", noted.Run.ToString()).TextIf("digest", noted.Digest).TextIf("launchDigest", noted.LaunchDigest));
    }

    public static CanonicalJson Of(RunEnvironment environment)
    {
        var json = new CanonicalJson();
        var (summary, launch) = (environment.Summary, environment.Launch);
        return json.Object(null, () =>
        {
            json.Text("runId", environment.Run.Info.Id.ToString()).TextIf("digest", environment.Run.EnvironmentDigest).TextIf("launchDigest", environment.Run.LaunchDigest);
            json.List("files", environment.Files, file => WriteFile(json, file.File, file.IsTaken));
            if (environment.Docker is { } docker)
            {
                json.Object("docker", () => json.TextIf("image", docker.Image).TextIf("digest", docker.Digest).TextIf("dockerfile", docker.Dockerfile));
            }
            if (summary.BaseImage is { } image)
            {
                json.Object("baseImage", () => json.TextIf("image", image.Image).TextIf("digest", image.Digest));
            }
            if (launch.Git != GitState.None)
            {
                json.Object("git", () => EnvironmentCodec.WriteGit(json, launch.Git));
            }
            EnvironmentCodec.WriteMap(json, "languages", summary.Languages);
            json.List("packages", summary.Packages, package => WritePackage(json, package));
            json.List("unparsed", summary.Unread, line => json.Object(null, () => json.Text("source", line.Source).Number("line", line.Line).Text("text", line.Text)));
            json.TextIf("entryPoint", launch.EntryPoint);
            json.List("arguments", launch.Arguments, argument => json.Text(null, argument));
            EnvironmentCodec.WriteMap(json, "variables", launch.Variables);
            if (launch.Seed is { } seed)
            {
                json.Number("seed", seed);
            }
        });
    }

    public static CanonicalJson Of(EnvironmentComparison comparison, RunEnvironment one, RunEnvironment other)
    {
        var json = new CanonicalJson();
        return json.Object(null, () =>
        {
            json.Text("runId", one.Run.Info.Id.ToString()).Text("with", other.Run.Info.Id.ToString());
            json.Object("packages", () =>
            {
                WriteList("added", comparison.Added);
                WriteList("removed", comparison.Removed);
                json.List("changed", comparison.Changed, change => json.Object(null, () =>
                    json.Text("name", change.From.Name).Text("ecosystem", PackageName.WordOf(change.From.Ecosystem))
                        .TextIf("from", change.From.Version ?? change.From.Requirement).TextIf("to", change.To.Version ?? change.To.Requirement)));
            });
            json.List("differences", comparison.Parts, part => json.Object(null, () => json.Text("part", part.Part).TextIf("from", part.From).TextIf("to", part.To)));
        });

        void WriteList(string name, ImmutableArray<FoundPackage> packages) => json.List(name, packages, package => WritePackage(json, package));
    }

    private static void WriteFile(CanonicalJson json, EnvironmentFile file, bool isTaken)
    {
        var bytes = Encoding.UTF8.GetBytes(file.Content);
        json.Object(null, () => json.Text("path", file.Path).Text("origin", isTaken ? "uploaded" : "described").Number("size", (long)bytes.Length)
            .Text("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))).Text("content", file.Content));
    }

    private static void WritePackage(CanonicalJson json, FoundPackage package) => json.Object(null, () =>
        json.Text("name", package.Name).Text("ecosystem", PackageName.WordOf(package.Ecosystem)).TextIf("version", package.Version)
            .TextIf("requirement", package.Requirement).Flag("pinned", package.Pinned).Text("source", package.Source));
}
