using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Native;

/// <summary><c>/api/v1/runs/{id}/environment</c>.</summary>
public sealed class EnvironmentTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Whole = """
        {"files":[{"path":"requirements.txt","content":"torch==2.3.1\nnumpy>=1.24\n???\n"},{"path":"env/conda.yaml","content":"dependencies: [python=3.11.4]"}],
         "docker":{"image":"python:3.11-slim","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"},
         "git":{"commit":"0123456789ABCDEF0123456789abcdef01234567","remote":"https://example.org/x.git","branch":"main","diff":"--- a","dirty":true},
         "languages":{"r":"4.3.1"},"packages":{"numpy":"1.26.4","npm:react":"18.2.0"},"entryPoint":"python train.py","arguments":["--lr","0.1"],"variables":{"SEED":"1"},"seed":20}
        """;

    public static TheoryData<string, string> Faults => new()
    {
        { """{"files":[{"path":"../x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"a/../../x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"/etc/x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"C:\\x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"C:/x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"a\u0000b","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"a\nb","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"a. ","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"con/x","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"aux.txt","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"a/.git/config","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"README.md","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"files/x.py","content":""}]}""", "files[0].path" },
        { """{"files":[{"path":"x"}]}""", "files[0]" },
        { """{"files":[null]}""", "files[0]" },
        { """{"files":[{"path":"a","content":""},{"path":"A","content":""}]}""", "files" },
        { """{"files":[{"path":"a","content":""},{"path":"a/b","content":""}]}""", "files" },
        { """{"files":[{"path":"Dockerfile","content":""}],"docker":{"dockerfile":"FROM x"}}""", "files" },
        { """{"taken":[]}""", "taken" },
        { """{"docker":{"image":"-x"}}""", "docker.image" },
        { """{"docker":{"digest":"sha256:00"}}""", "docker.digest" },
        { """{"git":{"commit":"main"}}""", "git.commit" },
        { """{"git":{"remote":"--upload-pack=x"}}""", "git.remote" },
        { """{"git":{"branch":"a\u0007"}}""", "git.branch" },
        { """{"languages":{"py thon":"3"}}""", "languages.py thon" },
        { """{"packages":{"torch":""}}""", "packages.torch" },
        { """{"packages":{"torch":null}}""", "packages.torch" },
        { """{"packages":{"../x":"1"}}""", "packages.../x" },
        { """{"entryPoint":"a\nb"}""", "entryPoint" },
        { """{"arguments":[null]}""", "arguments[0]" },
        { """{"variables":{"A B":"1"}}""", "variables.A B" },
        { """{"variables":{"A":"\u0000"}}""", "variables.A" },
    };

    public static TheoryData<string> Broken =>
    [
        "", "null", "[]", "{", "\"\\ud800\"", """{"files":"x"}""", """{"unknown":1}""", """{"seed":"x"}""", """{"seed":99999999999999999999}""", """{"entryPoint":"\ud800"}""", """{"packages":{"\ud800":"1"}}""",
        """{"entryPoint":"a","entryPoint":"b"}""", """{"packages":{"a":"1","a":"2"}}""", new string('[', 100_000), """{"a":""" + new string('{', 10_000),
    ];

    [Fact]
    public async Task An_environment_comes_back_with_what_its_files_say()
    {
        var run = await host.Api.CreateRunAsync("0");

        var put = (await PutAsync(run, Whole)).Ok();

        var seen = (await GetAsync(run)).Ok();
        Assert.Equal(put["digest"]!.ToString(), seen["digest"]!.ToString());
        Assert.Equal(["env/conda.yaml", "requirements.txt"], seen["files"]!.AsArray().Select(static file => file!["path"]!.ToString()));
        Assert.Equal("torch==2.3.1\nnumpy>=1.24\n???\n", seen["files"]![1]!["content"]!.ToString());
        Assert.Equal(["npm react 18.2.0 packages", "python numpy 1.26.4 packages", "python torch 2.3.1 requirements.txt"],
            seen["packages"]!.AsArray().Select(static package => $"{package!["ecosystem"]} {package["name"]} {package["version"]} {package["source"]}"));
        Assert.Equal("""{"python":"3.11.4","r":"4.3.1"}""", seen["languages"]!.ToJsonString());
        Assert.Equal("""[{"source":"requirements.txt","line":3,"text":"???"}]""", seen["unparsed"]!.ToJsonString());
        Assert.Equal("""{"commit":"0123456789abcdef0123456789abcdef01234567","remote":"https://example.org/x.git","branch":"main","diff":"--- a","dirty":true}""", seen["git"]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal("""["--lr","0.1"]""", seen["arguments"]!.ToJsonString());
        Assert.Equal(("python train.py", "1", "20"), (seen["entryPoint"]!.ToString(), seen["variables"]!["SEED"]!.ToString(), seen["seed"]!.ToString()));
    }

    [Fact]
    public async Task Repeating_it_changes_nothing_and_an_answer_that_was_seen_is_not_sent_again()
    {
        var run = await host.Api.CreateRunAsync("0");
        var first = (await PutAsync(run, Whole)).Text;
        var seen = await GetAsync(run);
        var etag = seen.Headers.ETag!.Tag;

        Assert.Equal(first, (await PutAsync(run, Whole)).Text);

        var again = await GetAsync(run, ("If-None-Match", $"\"other\", {etag}"));
        Assert.Equal((304, "", etag, 2), (again.Status, again.Text, again.Headers.ETag!.Tag, again.Operations));
        Assert.Equal(seen.Text, (await GetAsync(run, ("If-None-Match", "\"other\""))).Text);
        await PutAsync(run, """{"packages":{"a":"1"}}""");
        Assert.Equal(200, (await GetAsync(run, ("If-None-Match", etag))).Status);
    }

    [Fact]
    public async Task What_clients_say_in_tags_is_seen_until_something_else_is_described()
    {
        var run = await host.Api.CreateRunAsync("0", new { tags = new[] { new { key = "mlflow.source.git.commit", value = "abcdef0" }, new { key = "mlflow.gitRepoURL", value = "https://old" }, new { key = "mlflow.source.name", value = "train.py" } } });

        var seen = (await GetAsync(run)).Ok();
        Assert.Equal("""{"commit":"abcdef0","remote":"https://old"}""", seen["git"]!.ToJsonString());
        Assert.Equal("train.py", seen["entryPoint"]!.ToString());

        (await PutAsync(run, """{"git":{"commit":"1234567"},"entryPoint":"python train.py"}""")).Ok();
        Assert.Equal("""{"commit":"1234567","remote":"https://old"}""", (await GetAsync(run)).Ok()["git"]!.ToJsonString());
    }

    [Fact]
    public async Task What_clients_upload_beside_a_model_is_part_of_the_environment_as_soon_as_it_is_stored()
    {
        var other = await host.AnotherAsync();
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        var files = new[]
        {
            ("requirements.txt", "torch==2.3.1\nnumpy\n"), ("python_env.yaml", "python: 3.11.4\nbuild_dependencies: [pip==23.2.1]\ndependencies: [-r requirements.txt]\n"),
            ("MLmodel", "flavors: {sklearn: {sklearn_version: 1.3.2}}\nmlflow_version: 3.1.0\n"), ("conda.yaml", "dependencies: [python=3.11.4, pip<=23.2.1, {pip: [torch==2.3.1]}]\n"), ("model.pkl", "x"),
        };

        // All at once, as a client does that uploads a folder.
        await Task.WhenAll(files.Select(async file =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/{file.Item1}") { Content = new StringContent(file.Item2) };
            var answer = await host.Api.SendAsync(request);
            Assert.True(answer.Status == 200, answer.Text);
        }));

        var seen = (await GetAsync(run)).Ok();
        Assert.Equal(["model/MLmodel uploaded", "model/conda.yaml uploaded", "model/python_env.yaml uploaded", "model/requirements.txt uploaded"], seen["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["origin"]}"));
        Assert.Equal(["mlflow 3.1.0", "numpy ", "pip 23.2.1", "scikit-learn 1.3.2", "torch 2.3.1"], seen["packages"]!.AsArray().Select(static package => $"{package!["name"]} {package["version"]}"));
        var found = await other.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "packages.torch < '2.4' AND packages.scikit_learn >= '1.3' AND packages.python LIKE '3.11%'" });
        Assert.Equal(run, Assert.Single(found.Ok()["runs"]!.AsArray())!["info"]!["run_id"]!.ToString());
    }

    [Fact]
    public async Task Two_environments_are_compared()
    {
        var (one, other) = (await host.Api.CreateRunAsync("0"), await host.Api.CreateRunAsync("0"));
        (await PutAsync(one, """{"packages":{"a":"1.0","b":"1","c":"1"},"languages":{"python":"3.10"},"docker":{"image":"x:1"},"git":{"commit":"aaaa"}}""")).Ok();
        (await PutAsync(other, """{"packages":{"A":"1.0.0","b":"2","d":"1"},"languages":{"python":"3.11"},"docker":{"image":"x:1"},"git":{"commit":"bbbb"}}""")).Ok();

        var compared = (await host.Api.GetAsync($"/api/v1/runs/{one}/environment/compare", ("with", other))).Ok();

        Assert.Equal("d", Assert.Single(compared["packages"]!["added"]!.AsArray())!["name"]!.ToString());
        Assert.Equal("c", Assert.Single(compared["packages"]!["removed"]!.AsArray())!["name"]!.ToString());
        Assert.Equal("""[{"name":"b","ecosystem":"python","from":"1","to":"2"}]""", compared["packages"]!["changed"]!.ToJsonString());
        Assert.Equal("""[{"part":"git.commit","from":"aaaa","to":"bbbb"},{"part":"languages.python","from":"3.10","to":"3.11"}]""", compared["differences"]!.ToJsonString());
        Assert.Equal(["runId", "with"], FieldsOf(await host.Api.GetAsync("/api/v1/runs/x/environment/compare")));
        Assert.Equal(404, (await host.Api.GetAsync($"/api/v1/runs/{one}/environment/compare", ("with", "0".PadLeft(31, '0') + "1"))).Status);
    }

    [Fact]
    public async Task Runs_are_searched_by_their_packages()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var runs = new[] { await host.Api.CreateRunAsync(experiment), await host.Api.CreateRunAsync(experiment), await host.Api.CreateRunAsync(experiment) };
        (await PutAsync(runs[0], """{"packages":{"torch":"2.10.0"}}""")).Ok();
        (await PutAsync(runs[1], """{"packages":{"torch":"2.3.1+cu121"}}""")).Ok();

        async Task<IEnumerable<string>> FindAsync(string filter, params string[] orderBy) =>
            (await host.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter, order_by = orderBy })).Ok()["runs"]?.AsArray().Select(static run => run!["info"]!["run_id"]!.ToString()) ?? [];

        Assert.Equal([runs[1]], await FindAsync("packages.torch < '2.4'"));
        Assert.Equal([runs[1], runs[0]], await FindAsync("package.torch IS NOT NULL", "packages.torch"));
        Assert.Equal([runs[2]], await FindAsync("packages.torch IS NULL AND attributes.status = 'RUNNING'"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_named(string json, string field)
    {
        var run = await host.Api.CreateRunAsync("0");

        Assert.Equal([field], FieldsOf(await PutAsync(run, json)));
        Assert.Equal(404, (await GetAsync(run)).Status);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_environment_is_refused(string json) => Assert.Single(FieldsOf(await PutAsync(await host.Api.CreateRunAsync("0"), json)));

    [Fact]
    public async Task All_faults_are_named_at_once() => Assert.Equal(
        ["docker.digest", "files[0].path", "files[2].path", "packages.a", "git.commit", "entryPoint"],
        FieldsOf(await PutAsync(await host.Api.CreateRunAsync("0"), """
            {"files":[{"path":"../x","content":""},{"path":"ok","content":""},{"path":"/x","content":""}],"docker":{"digest":"x"},"packages":{"a":""},"git":{"commit":"zz"},"entryPoint":"\u0001"}
            """)));

    [Fact]
    public async Task Limits_are_kept()
    {
        var run = await host.Api.CreateRunAsync("0");
        var million = new string('x', 1_000_000);
        static string File(string path, int size) => new JsonObject { ["path"] = path, ["content"] = new string('#', size) }.ToJsonString();

        Assert.Equal(["files"], FieldsOf(await PutAsync(run, $$"""{"files":[{{string.Join(',', Enumerable.Range(0, 65).Select(static n => File($"f{n}", 1)))}}]}""")));
        Assert.Equal(["files[0].content"], FieldsOf(await PutAsync(run, $$"""{"files":[{{File("a", (1024 * 1024) + 1)}}]}""")));
        Assert.Equal(["files"], FieldsOf(await PutAsync(run, $$"""{"files":[{{string.Join(',', Enumerable.Range(0, 9).Select(static n => File($"f{n}", 1024 * 1024)))}}]}""")));
        Assert.Equal(["git.diff"], FieldsOf(await PutAsync(run, $$$"""{"git":{"diff":"{{{new string('x', (4 * 1024 * 1024) + 1)}}}"}}""")));
        Assert.Equal(["body"], FieldsOf(await PutAsync(run, new string(' ', 33 * 1024 * 1024))));
        Assert.Equal(9, FieldsOf(await PutAsync(run, $$$"""
            {"files":[{"path":"{{{million}}}","content":""}],"docker":{"image":"{{{million}}}"},"git":{"commit":"{{{million}}}","remote":"{{{million}}}","branch":"{{{million}}}"},"languages":{"a":"{{{million}}}"},
             "packages":{"{{{million}}}":"1"},"entryPoint":"{{{million}}}","arguments":["{{{million}}}"]}
            """)).Count());
        (await PutAsync(run, $$$"""{"files":[{{{string.Join(',', Enumerable.Range(0, 8).Select(static n => File($"f{n}/requirements.txt", 1024 * 1024)))}}}],"git":{"diff":"{{{new string('x', 4 * 1024 * 1024)}}}"}}""")).Ok();
        Assert.Equal(200, (await GetAsync(run)).Status);
    }

    [Theory]
    [InlineData("x", 400)]
    [InlineData("00000000000000000000000000000001", 404)]
    public async Task An_unknown_run_has_none(string run, int status)
    {
        foreach (var answer in new[] { await PutAsync(run, "{}"), await GetAsync(run), await host.Api.GetAsync($"/api/v1/runs/{run}/reproduce"), await host.Api.GetAsync($"/api/v1/runs/{run}/reproducibility") })
        {
            Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        }
    }

    [Fact]
    public async Task Any_answer_seen_is_enough_only_if_there_is_an_environment()
    {
        var run = await host.Api.CreateRunAsync("0");

        Assert.Equal(404, (await GetAsync(run, ("If-None-Match", "*"))).Status);

        (await PutAsync(run, Whole)).Ok();
        Assert.Equal((304, ""), ((await GetAsync(run, ("If-None-Match", "*"))).Status, (await GetAsync(run, ("If-None-Match", "*"))).Text));
    }

    [Fact]
    public async Task A_deleted_run_takes_none()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PostAsync("runs/delete", new { run_id = run })).Ok();

        var answer = await PutAsync(run, Whole);

        Assert.Equal((409, "urn:serverlessmeta:problem:wrong-stage"), (answer.Status, answer.Json["type"]!.ToString()));
    }

    private Task<Answer> PutAsync(string run, string json) => PutAsync(host, run, json);

    internal static async Task<Answer> PutAsync(StoreHost host, string run, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/runs/{run}/environment") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await host.Api.SendAsync(request);
    }

    private async Task<Answer> GetAsync(string run, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/environment");
        return await host.Api.SendAsync(request, headers);
    }

    private static IEnumerable<string> FieldsOf(Answer answer)
    {
        Assert.True(answer.Status == (int)HttpStatusCode.BadRequest, $"{answer.Status} {(answer.Text.Length > 500 ? answer.Text[..500] : answer.Text)}");
        Assert.Equal("urn:serverlessmeta:problem:invalid", answer.Json["type"]!.ToString());
        Assert.InRange(answer.Text.Length, 1, 20_000);
        return answer.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.ToString());
    }
}
