using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Native;

/// <summary><c>/api/v1/audit</c>.</summary>
public sealed class AuditTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Root = "/api/v1/audit";

    private static readonly string Local = typeof(Azurite).Assembly.Location;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_of_both_dialects_are_named()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        using var client = new Api(host.Api.Http.BaseAddress!);
        client.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:x")));
        var run = await client.CreateRunAsync(experiment);
        (await client.PostAsync("runs/log-parameter", new { run_id = run, key = "lr", value = "0.1" })).Ok();
        (await client.SendJsonAsync(HttpMethod.Put, $"/api/v1/runs/{run}/environment", """{"packages":{"numpy":"1.26.4"}}""")).Ok();

        var page = (await host.Api.GetAsync(Root, ("object", $"run:{run}"))).Ok();

        var entries = page["entries"]!.AsArray().Select(static entry => entry!).ToList();
        Assert.Equal(["run.environment", "run.log", "run.create"], entries.Select(static entry => entry["action"]!.ToString()));
        Assert.All(entries, static entry => Assert.Equal("ann", entry["by"]!.ToString()));
        Assert.Equal((3, $"run:{run}", "0.1"), (entries[0]["n"]!.GetValue<int>(), entries[0]["object"]!.ToString(), entries[1]["details"]!["param lr"]!.ToString()));
        Assert.Equal(entries[1]["hash"]!.ToString(), entries[0]["previous"]!.ToString());
        Assert.Equal(64, entries[0]["rows"]![0]!["after"]!.ToString().Length);
        Assert.Equal(entries[1]["hash"]!.ToString(), Assert.Single((await host.Api.GetAsync(Root, ("object", $"run:{run}"), ("action", "run.log"), ("by", "ann"))).Ok()["entries"]!.AsArray())!["hash"]!.ToString());
        Assert.Empty((await host.Api.GetAsync(Root, ("object", $"run:{run}"), ("by", "bob"))).Ok()["entries"]!.AsArray());
        Assert.Empty((await host.Api.GetAsync(Root, ("kind", "run"), ("to", "2001-01-01T00:00:00Z"))).Ok()["entries"]!.AsArray());
    }

    [Fact]
    public async Task Pages_are_bound_to_their_query()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PostAsync("runs/set-tag", new { run_id = run, key = "a", value = "1" })).Ok();
        var first = (await host.Api.GetAsync(Root, ("object", $"run:{run}"), ("pageSize", "1"))).Ok();
        var token = first["nextPageToken"]!.ToString();

        var second = (await host.Api.GetAsync(Root, ("object", $"run:{run}"), ("pageSize", "1"), ("pageToken", token))).Ok();

        Assert.Equal(("run.log", "run.create"), (first["entries"]![0]!["action"]!.ToString(), second["entries"]![0]!["action"]!.ToString()));
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(400, (await host.Api.GetAsync(Root, ("kind", "run"), ("pageToken", token))).Status);
        Assert.Equal(400, (await host.Api.GetAsync(Root + "/verify", ("pageToken", token))).Status);
    }

    [Theory]
    [InlineData("pageSize=0&from=x&to=y&kind=z", "pageSize,kind,from,to")]
    [InlineData("pageSize=1001", "pageSize")]
    [InlineData("object=run", "object")]
    [InlineData("object=%00:1", "object")]
    [InlineData("kind=file", "object")]
    [InlineData("object=experiment:0&kind=file", "kind")]
    [InlineData("pageToken=%F0", "pageToken")]
    public async Task Bad_questions_are_told_all_their_faults(string query, string fields)
    {
        var answer = await host.Api.GetAsync($"{Root}?{query}");

        Assert.Equal(400, answer.Status);
        Assert.Equal(fields, string.Join(',', answer.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.ToString())));
    }

    [Theory]
    [InlineData("run:00000000000000000000000000000000")]
    [InlineData("run:x")]
    [InlineData("logged-model:m-00000000000000000000000000000000")]
    [InlineData("experiment:999999")]
    [InlineData("model:nobody's")]
    [InlineData("artifact:none")]
    [InlineData("file:no/such/file")]
    [InlineData("file:../x")]
    [InlineData("logged-model:m-1")]
    public async Task What_is_not_there_is_not_found(string named)
    {
        foreach (var path in (string[])["", "/verify", "/export"])
        {
            var status = (await host.Api.GetAsync(Root + path, ("object", named))).Status;
            Assert.True(status is 404 || (path == "/export" && status is 200), $"{path}: {status}");
        }
    }

    [Fact]
    public async Task The_whole_store_is_verified_in_parts()
    {
        await host.Api.CreateRunAsync("0");
        string? token = null;
        var objects = 0L;
        do
        {
            var part = (await host.Api.GetAsync(Root + "/verify", token is null ? [] : [("pageToken", token)])).Ok();
            Assert.Empty(part["findings"]!.AsArray());
            objects += part["objects"]!.GetValue<long>();
            token = part["nextPageToken"]?.ToString();
        }
        while (token is not null);

        Assert.True(objects >= 2);
    }

    [Fact]
    public async Task An_export_is_verified_by_the_local_program_without_a_store()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PostAsync("runs/set-tag", new { run_id = run, key = "a", value = "1" })).Ok();
        var export = await host.Api.Http.GetAsync($"{Root}/export?object=run:{run}&object=experiment:0", Ct);
        Assert.Equal("application/jsonl", export.Content.Headers.ContentType!.MediaType);
        var text = await export.Content.ReadAsStringAsync(Ct);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text, Ct);
            Assert.Equal((0, true), await VerifyAsync(file, "2 objects"));
            await File.WriteAllTextAsync(file, text.Replace("run.log", "run.lug", StringComparison.Ordinal), Ct);
            Assert.Equal((1, true), await VerifyAsync(file, "entry-changed"));
            await File.WriteAllTextAsync(file, "{}", Ct);
            Assert.Equal((1, true), await VerifyAsync(file, "no export"));
            Assert.Equal((1, true), await VerifyAsync(file + ".none", "cannot be verified"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int ExitCode, bool Says)> VerifyAsync(string file, string says)
    {
        var start = new ProcessStartInfo("dotnet", [Local, "verify-audit", file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, (await output + await error).Contains(says, StringComparison.Ordinal));
    }
}
