using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>Environments and launches as the bytes that are stored, named by their SHA-256.</summary>
internal static class EnvironmentCodec
{
    public static (string Digest, byte[] Bytes) Encode(EnvironmentContent content)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            WriteFiles(json, "files", content.Files);
            WriteFiles(json, "taken", content.Taken);
            if (content.Docker is { } docker)
            {
                json.Object("docker", () => json.TextIf("image", docker.Image).TextIf("digest", docker.Digest).TextIf("dockerfile", docker.Dockerfile));
            }
            WriteMap(json, "languages", content.Languages);
            WriteMap(json, "packages", content.Packages);
        });
        return Named(json.ToUtf8());
    }

    public static (string Digest, byte[] Bytes) Encode(Launch launch)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            if (launch.Git != GitState.None)
            {
                json.Object("git", () => WriteGit(json, launch.Git));
            }
            json.TextIf("entryPoint", launch.EntryPoint);
            if (!launch.Arguments.IsEmpty)
            {
                json.List("arguments", launch.Arguments, argument => json.Text(null, argument));
            }
            WriteMap(json, "variables", launch.Variables);
            if (launch.Seed is { } seed)
            {
                json.Number("seed", seed);
            }
        });
        return Named(json.ToUtf8());
    }

    public static EnvironmentContent DecodeContent(ReadOnlySpan<byte> bytes)
    {
        var document = Read(bytes);
        return new EnvironmentContent
        {
            Files = FilesOf(document.Files),
            Taken = FilesOf(document.Taken),
            Docker = document.Docker is { } docker ? new DockerImage(docker.Image, docker.Digest, docker.Dockerfile) : null,
            Languages = MapOf(document.Languages),
            Packages = MapOf(document.Packages),
        };
    }

    public static Launch DecodeLaunch(ReadOnlySpan<byte> bytes)
    {
        var document = Read(bytes);
        return new Launch
        {
            Git = document.Git is { } git ? new GitState(git.Commit, git.Remote, git.Branch, git.Diff, git.Dirty) : GitState.None,
            EntryPoint = document.EntryPoint,
            Arguments = [.. document.Arguments?.Select(static argument => argument!) ?? []],
            Variables = MapOf(document.Variables),
            Seed = document.Seed,
        };
    }

    public static void WriteGit(CanonicalJson json, GitState git)
    {
        json.TextIf("commit", git.Commit).TextIf("remote", git.Remote).TextIf("branch", git.Branch).TextIf("diff", git.Diff);
        if (git.Dirty is { } dirty)
        {
            json.Flag("dirty", dirty);
        }
    }

    public static void WriteMap(CanonicalJson json, string name, ImmutableArray<Tag> pairs)
    {
        if (!pairs.IsEmpty)
        {
            json.Object(name, () =>
            {
                foreach (var (key, value) in pairs)
                {
                    json.Text(key, value);
                }
            });
        }
    }

    private static void WriteFiles(CanonicalJson json, string name, ImmutableArray<EnvironmentFile> files)
    {
        if (!files.IsEmpty)
        {
            json.List(name, files, file => json.Object(null, () => json.Text("path", file.Path).Text("content", file.Content)));
        }
    }

    private static (string Digest, byte[] Bytes) Named(byte[] bytes) => (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);

    private static EnvironmentDocument Read(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, EnvironmentsJson.Default.EnvironmentDocument)!;

    private static ImmutableArray<EnvironmentFile> FilesOf(List<EnvironmentDocument.FileDocument?>? files) => [.. files?.Select(static file => new EnvironmentFile(file!.Path!, file.Content!)) ?? []];

    private static ImmutableArray<Tag> MapOf(Dictionary<string, string?>? pairs) =>
        [.. pairs?.Select(static pair => new Tag(pair.Key, pair.Value!)).OrderBy(static pair => pair.Key, StringComparer.Ordinal) ?? Enumerable.Empty<Tag>()];
}
