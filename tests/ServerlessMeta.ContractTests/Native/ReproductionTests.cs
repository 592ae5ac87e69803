using System.IO.Compression;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Native;

/// <summary>A run is run again from its archive, by the commands of the README alone.</summary>
public sealed class ReproductionTests(KestrelHost host) : IClassFixture<KestrelHost>, IDisposable
{
    private const string RowsMd5 = "df347a373b8f92aa0ae3dd920a5ec2f6";
    private readonly string folder = Directory.CreateTempSubdirectory("rebuild").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_from_git_is_run_again_with_its_uncommitted_changes()
    {
        var repository = Directory.CreateDirectory(Path.Combine(folder, "it's code")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "train.sh"), "echo committed\n", Ct);
        await Readme.RunAsync(repository, "git init -q . && git add -A && git -c user.name=a -c user.email=a@example.org commit -q -m first", Ct);
        var commit = (await Readme.RunAsync(repository, "git rev-parse HEAD", Ct)).Trim();
        await File.WriteAllTextAsync(Path.Combine(repository, "train.sh"), "echo \"changed $1 $GREETING $(cat ../data/my_data)\" > ../result.txt\n", Ct);
        var diff = await Readme.RunAsync(repository, "git diff", Ct);
        var data = Path.Combine(folder, "data.csv");
        await File.WriteAllTextAsync(data, "rows", Ct);
        var run = await host.Api.CreateRunAsync("0");
        (await EnvironmentTests.PutAsync(host, run, new JsonObject
        {
            ["git"] = new JsonObject { ["commit"] = commit, ["remote"] = repository, ["diff"] = diff.TrimEnd('\n'), ["dirty"] = true },
            ["packages"] = new JsonObject { ["npm:none"] = "1.0.0" },
            ["files"] = new JsonArray(new JsonObject { ["path"] = "package.json", ["content"] = "{}" }, new JsonObject { ["path"] = "notes/one two.txt", ["content"] = "x" }),
            ["entryPoint"] = "sh train.sh",
            ["arguments"] = new JsonArray("it's $HOME"),
            ["variables"] = new JsonObject { ["GREETING"] = "a \"b\"" },
        }.ToJsonString())).Ok();
        (await host.Api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "my data", digest = RowsMd5, source_type = "local", source = $$"""{"uri": "file://{{data}}"}""" } } } })).Ok();
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "loss", value = 0.25, timestamp = 1, step = 3 } }, @params = new[] { new { key = "lr", value = "0.1" } } })).Ok();

        var rebuilt = await UnpackAsync(run);
        var readme = await File.ReadAllTextAsync(Path.Combine(rebuilt, "README.md"), Ct);
        // What needs a network is left out here.
        await Readme.RunAsync(rebuilt, string.Join('\n', Readme.CommandsIn(readme).Where(static block => !block.Contains("npm install", StringComparison.Ordinal))), Ct);

        Assert.Equal("changed it's $HOME a \"b\" rows\n", await File.ReadAllTextAsync(Path.Combine(rebuilt, "result.txt"), Ct));
        Assert.Contains("| `loss` | 0.25 | 3 |", readme, StringComparison.Ordinal);
        Assert.Equal("{\n  \"lr\": \"0.1\"\n}\n", await File.ReadAllTextAsync(Path.Combine(rebuilt, "params.json"), Ct));
        Assert.Equal(commit, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(rebuilt, "code.json"), Ct))!["commit"]!.ToString());
        Assert.Equal("my data", JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(rebuilt, "datasets.json"), Ct))![0]!["name"]!.ToString());
        Assert.Equal("reproducible", (await host.Api.GetAsync($"/api/v1/runs/{run}/reproducibility")).Ok()["verdict"]!.ToString());
    }

    [Fact]
    public async Task A_run_that_stored_its_code_is_run_again_from_that()
    {
        var run = await host.Api.CreateRunAsync("0");
        await UploadAsync(run, "lib/part.sh", "echo part\n"u8.ToArray());
        await UploadAsync(run, "train.sh", "sh lib/part.sh > result.txt\n"u8.ToArray());
        await UploadAsync(run, "model/model.bin", new byte[3_000_000]);
        (await EnvironmentTests.PutAsync(host, run, """
            {"files":[{"path":"package.json","content":"{\"name\":\"x\",\"version\":\"1.0.0\"}"},
             {"path":"package-lock.json","content":"{\"name\":\"x\",\"version\":\"1.0.0\",\"lockfileVersion\":3,\"packages\":{\"\":{\"name\":\"x\",\"version\":\"1.0.0\"}}}"}],"packages":{"npm:none":"1.0.0"},"entryPoint":"sh train.sh"}
            """)).Ok();

        var rebuilt = await UnpackAsync(run);
        await Readme.RunAsync(rebuilt, string.Join('\n', Readme.CommandsIn(await File.ReadAllTextAsync(Path.Combine(rebuilt, "README.md"), Ct))), Ct);

        Assert.Equal("part\n", await File.ReadAllTextAsync(Path.Combine(rebuilt, "source", "result.txt"), Ct));
        Assert.Equal(3_000_000, new FileInfo(Path.Combine(rebuilt, "files", "model", "model.bin")).Length);
        var judged = (await host.Api.GetAsync($"/api/v1/runs/{run}/reproducibility")).Ok();
        Assert.Equal("degraded", judged["verdict"]!.ToString());
        Assert.Equal(["code present", "data weak", "environment present", "entryPoint present", "params missing", "seed missing"], judged["parts"]!.AsArray().Select(static part => $"{part!["part"]} {part["status"]}"));
    }

    [Fact]
    public async Task The_archive_is_the_same_bytes_each_time_from_any_instance_and_changes_with_the_records()
    {
        var other = await host.AnotherAsync();
        var run = await host.Api.CreateRunAsync("0");
        await UploadAsync(run, "b.py", "1"u8.ToArray());
        await UploadAsync(run, "a.py", "2"u8.ToArray());
        (await EnvironmentTests.PutAsync(host, run, """{"packages":{"torch":"2.3.1"},"files":[{"path":"z.txt","content":"z"},{"path":"requirements.txt","content":"a==1"}]}""")).Ok();

        var first = await ArchiveAsync(host, run);

        Assert.Equal(first, await ArchiveAsync(host, run));
        Assert.Equal(first, await ArchiveAsync(other, run));
        (await host.Api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1 })).Ok();
        Assert.NotEqual(first, await ArchiveAsync(host, run));
    }

    [Fact]
    public async Task No_entry_leaves_its_folder()
    {
        var run = await host.Api.CreateRunAsync("0");
        foreach (var name in new[] { "a:b.py", "x/dot.", "train.py", "Train.py", "..hidden", "é.py", "a b.py" })
        {
            await UploadAsync(run, name, "1"u8.ToArray());
        }
        (await EnvironmentTests.PutAsync(host, run, """{"docker":{"dockerfile":"FROM x"},"files":[{"path":"deep/er/x.txt","content":"z"}]}""")).Ok();

        using var archive = new ZipArchive(new MemoryStream(await ArchiveAsync(host, run)));

        var names = archive.Entries.Select(static entry => entry.FullName).ToList();
        Assert.Equal(["Dockerfile", "README.md", "code.json", "datasets.json", "deep/er/x.txt", "files/..hidden", "files/Train.py", "files/a b.py", "files/é.py", "params.json"], names);
        Assert.All(names, name => Assert.StartsWith(folder + Path.DirectorySeparatorChar, Path.GetFullPath(Path.Combine(folder, name)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_of_which_nothing_is_recorded_is_lost_and_has_an_archive_all_the_same()
    {
        var run = await host.Api.CreateRunAsync("0");

        Assert.Equal("lost", (await host.Api.GetAsync($"/api/v1/runs/{run}/reproducibility")).Ok()["verdict"]!.ToString());

        using var archive = new ZipArchive(new MemoryStream(await ArchiveAsync(host, run)));
        Assert.Equal(["README.md", "code.json", "datasets.json", "params.json"], archive.Entries.Select(static entry => entry.FullName));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task UploadAsync(string run, string path, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}") { Content = new ByteArrayContent(bytes) };
        var answer = await host.Api.SendAsync(request);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
    }

    private static async Task<byte[]> ArchiveAsync(StoreHost from, string run)
    {
        using var response = await from.Api.Http.GetAsync(new Uri($"/api/v1/runs/{run}/reproduce", UriKind.Relative), Ct);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.ToString());
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    private async Task<string> UnpackAsync(string run)
    {
        var target = Path.Combine(folder, run);
        using var archive = new ZipArchive(new MemoryStream(await ArchiveAsync(host, run)));
        await archive.ExtractToDirectoryAsync(target, Ct);
        return target;
    }
}
