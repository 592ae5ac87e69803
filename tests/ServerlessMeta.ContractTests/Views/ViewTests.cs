using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Views;

/// <summary>Saved views over HTTP, and what the pages make of them.</summary>
public sealed class ViewTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Hostile = "<script>alert('1')</script>";

    [Fact]
    public async Task A_view_is_saved_read_listed_changed_and_deleted()
    {
        var path = await ExperimentAsync();
        var made = await SendAsync(HttpMethod.Put, $"{path}/best", "ada", new { name = " Best ", description = "of all", shared = true, query = new { filter = " metrics.acc > 0.5 ", order = "metric.acc desc", columns = "metrics.acc,param.lr", stage = "active", view = "table", smooth = "0.5" } });

        Assert.Equal((201, "\"1\""), (made.Status, made.Headers.ETag?.ToString()));
        Assert.Equal("""{"filter":"metrics.acc > 0.5","order":"metric.acc DESC","columns":"metrics.acc, params.lr"}""", Text(made.Json["query"]!));
        Assert.Equal("best Best of all ada True 1", $"{made.Json["id"]} {made.Json["name"]} {made.Json["description"]} {made.Json["owner"]} {made.Json["shared"]!.GetValue<bool>()} {made.Json["revision"]}");
        var read = await host.Api.GetAsync($"{path}/best");
        Assert.Equal((made.Text, "\"1\""), (read.Text, read.Headers.ETag?.ToString()));
        Assert.Equal($$"""{"views":[{{made.Text}}]}""", (await host.Api.GetAsync(path)).Text);

        Assert.Equal(412, (await SendAsync(HttpMethod.Put, $"{path}/best", "ada", new { name = "Other" }, ("If-Match", "\"7\""))).Status);
        Assert.Equal(412, (await SendAsync(HttpMethod.Put, $"{path}/best", "ada", new { name = "Other" }, ("If-None-Match", "*"))).Status);
        var changed = await SendAsync(HttpMethod.Put, $"{path}/best", "ada", new { name = "Other" }, ("If-Match", "\"1\""));
        Assert.Equal((200, "\"2\"", "{}"), (changed.Status, changed.Headers.ETag?.ToString(), Text(changed.Json["query"]!)));
        Assert.Equal(changed.Text, (await SendAsync(HttpMethod.Put, $"{path}/best", "ada", new { name = "Other" }, ("If-Match", "\"1\""))).Text);

        Assert.Equal(412, (await SendAsync(HttpMethod.Delete, $"{path}/best", "ada", null, ("If-Match", "\"1\""))).Status);
        Assert.Equal(204, (await SendAsync(HttpMethod.Delete, $"{path}/best", "ada", null, ("If-Match", "\"2\""))).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, $"{path}/best", "ada", null)).Status);
        Assert.Equal(404, (await host.Api.GetAsync($"{path}/best")).Status);
    }

    [Fact]
    public async Task Charts_keep_what_they_are_set_to()
    {
        var path = await ExperimentAsync();
        var run = await host.Api.CreateRunAsync(path.Split('/')[4]);

        var made = await SendAsync(HttpMethod.Put, $"{path}/c", "ada", new { name = "Charts", query = new { view = "charts", runs = $"{run}, ", metric = "acc", x = "time", top = "25", band = "lr", smooth = "0.6", log = "on", group = "params.lr" } });

        Assert.Equal($$"""{"group":"params.lr","view":"charts","runs":"{{run}}","metric":"acc","x":"time","top":"25","band":"lr","smooth":"0.6","log":"on"}""", Text(made.Json["query"]!));
        var page = await PageAsync($"/experiments/{path.Split('/')[4]}/views/c", "ada");
        Assert.Equal(302, page.Status);
        Assert.Equal($"/experiments/{path.Split('/')[4]}?group=params.lr&view=charts&runs={run}&metric=acc&x=time&top=25&band=lr&smooth=0.6&log=on&saved=c", page.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("""{"query":{}}""", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":"\u200d"}""", "name")]
    [InlineData("""{"name":"a\u0000"}""", "name")]
    [InlineData("""{"name":"a\nb"}""", "name")]
    [InlineData("""{"name":"a\u202eb"}""", "name")]
    [InlineData("""{"name":"\ud800"}""", "body")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":"a","shared":"yes"}""", "shared")]
    [InlineData("""{"name":"a","owner":"grace"}""", "owner")]
    [InlineData("""{"name":"a","description":"a\tb"}""", "description")]
    [InlineData("""{"name":"a","query":"filter=a"}""", "query")]
    [InlineData("""{"name":"a","query":{"colour":"red"}}""", "query.colour")]
    [InlineData("""{"name":"a","query":{"filter":7}}""", "query.filter")]
    [InlineData("""{"name":"a","query":{"filter":"metrics.acc > foo bar"}}""", "query.filter")]
    [InlineData("""{"name":"a","query":{"filter":"colour = 'red'"}}""", "query.filter")]
    [InlineData("""{"name":"a","query":{"order":"metrics.acc sideways"}}""", "query.order")]
    [InlineData("""{"name":"a","query":{"columns":"colour"}}""", "query.columns")]
    [InlineData("""{"name":"a","query":{"group":"metrics.acc"}}""", "query.group")]
    [InlineData("""{"name":"a","query":{"group":"params.a, params.b"}}""", "query.group")]
    [InlineData("""{"name":"a","query":{"more":"'"}}""", "query.more")]
    [InlineData("""{"name":"a","query":{"view":"pie"}}""", "query.view")]
    [InlineData("""{"name":"a","query":{"stage":"gone"}}""", "query.stage")]
    [InlineData("""{"name":"a","query":{"runs":"00000000000000000000000000000001"}}""", "query.runs")]
    [InlineData("""{"name":"a","query":{"smooth":"1"}}""", "query.smooth")]
    [InlineData("""{"name":"a","query":{"top":"0"}}""", "query.top")]
    [InlineData("""{"name":"a","query":{"x":"height"}}""", "query.x")]
    [InlineData("""[]""", "body")]
    [InlineData("""{"name":""", "$")]
    public async Task A_view_that_cannot_be_is_refused_with_its_place(string json, string field)
    {
        var path = await ExperimentAsync();

        var refused = await host.Api.SendJsonAsync(HttpMethod.Put, $"{path}/a", json);

        Assert.Equal((400, "application/problem+json"), (refused.Status, refused.ContentType));
        Assert.Contains(field, refused.Json["errors"]!.AsArray().Select(static error => error!["field"]!.ToString()));
        Assert.Empty((await host.Api.GetAsync(path)).Ok()["views"]!.AsArray());
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        var path = await ExperimentAsync();

        var refused = await SendAsync(HttpMethod.Put, $"{path}/A", "ada", new { name = new string('n', 101), query = new { filter = "(", order = "(", columns = "(" } }, ("If-Match", "x"));

        Assert.Equal(["If-Match", "name", "query.columns", "query.filter", "query.order", "view"], refused.Json["errors"]!.AsArray().Select(static error => error!["field"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(400, (await SendAsync(HttpMethod.Put, $"{path}/a", "ada", new { name = "n", query = new { filter = $"params.a = '{new string('x', 16_000)}'" } })).Status);
        Assert.Equal(400, (await SendAsync(HttpMethod.Put, $"{path}/a", "ada", new { name = "n", description = new string('x', 200_000) })).Status);
    }

    [Theory]
    [InlineData('x', 1)]
    [InlineData('/', 3)]
    [InlineData('é', 6)]
    public async Task A_view_is_as_large_as_an_address_that_can_be_opened(char letter, int bytes)
    {
        var path = await ExperimentAsync();
        var experiment = path.Split('/')[4];
        await host.Api.CreateRunAsync(experiment);
        const string Around = "?filter=params.a%20%3D%20%27%27";
        var most = (6_000 - Around.Length) / bytes;

        var saved = await SendAsync(HttpMethod.Put, $"{path}/long", "ada", View(most));
        var refused = await SendAsync(HttpMethod.Put, $"{path}/longer", "ada", View(most + 1));

        Assert.Equal((201, 400), (saved.Status, refused.Status));
        var error = Assert.Single(refused.Json["errors"]!.AsArray())!;
        Assert.Equal("query", error["field"]!.ToString());
        Assert.Contains("Its address has up to 6000 bytes", error["detail"]!.ToString(), StringComparison.Ordinal);
        var link = (await PageAsync($"/experiments/{experiment}/views/long", "ada")).Headers.Location!.OriginalString;
        Assert.InRange(link.Length, 5_990, 6_100);
        var shown = await PageAsync(link, "ada");
        Assert.Equal(200, shown.Status);
        Assert.Contains($"<a href=\"/experiments/{experiment}/views/long\" aria-current=\"true\">", shown.Text, StringComparison.Ordinal);
        // Of what others saved the page has no more than the name.
        Assert.DoesNotContain("xxx", (await PageAsync($"/experiments/{experiment}", "ada")).Text, StringComparison.Ordinal);

        object View(int letters) => new { name = "long", query = new { filter = $"params.a = '{new string(letter, letters)}'" } };
    }

    [Theory]
    [InlineData("/api/v1/experiments/987654321/views")]
    [InlineData("/api/v1/experiments/x/views")]
    [InlineData("/api/v1/experiments/%C3%A9%2F%3F%23/views")]
    public async Task What_is_not_there_has_no_views(string path)
    {
        Assert.Equal(404, (await host.Api.GetAsync(path)).Status);
        Assert.Equal(404, (await host.Api.GetAsync($"{path}/a")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Put, $"{path}/a", "ada", new { name = "a" })).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, $"{path}/a", "ada", null)).Status);
    }

    [Fact]
    public async Task A_view_that_is_not_there_is_not_found_and_a_wrong_id_is_none()
    {
        var path = await ExperimentAsync();
        foreach (var id in new[] { "a", "A", "%C3%A9", "a%2Fb", "-a", new string('a', 65) })
        {
            Assert.Equal(404, (await host.Api.GetAsync($"{path}/{id}")).Status);
            Assert.Equal(404, (await SendAsync(HttpMethod.Delete, $"{path}/{id}", "ada", null)).Status);
            Assert.Equal(id == "a" ? 201 : 400, (await SendAsync(HttpMethod.Put, $"{path}/{id}", "ada", new { name = "a" })).Status);
        }
        Assert.Equal(400, (await host.Api.GetAsync(path, ("all", "yes"))).Status);
        Assert.Equal(404, (await host.Api.GetAsync($"/experiments/{path.Split('/')[4]}/views/none")).Status);
        Assert.Equal(404, (await host.Api.GetAsync($"/experiments/{path.Split('/')[4]}/views/%C3%A9")).Status);
    }

    [Fact]
    public async Task Tokens_see_and_change_what_is_theirs()
    {
        await using var other = new KestrelHost(host.Azurite) { TokenRequired = true };
        other.Settings["Access:AdminTokenSha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("root"u8));
        await other.InitializeAsync();
        var (ada, grace, reader) = (await TokenAsync("ada", "writer"), await TokenAsync("grace", "writer"), await TokenAsync("reader", "reader"));
        const string Path = "/api/v1/experiments/0/views";

        Assert.Equal(201, await StatusAsync(HttpMethod.Put, "/own", ada, """{"name":"mine"}"""));
        Assert.Equal(201, await StatusAsync(HttpMethod.Put, "/shared", ada, """{"name":"ours","shared":true}"""));
        Assert.Equal((int[])[200, 404, 404, 200], (int[])[await StatusAsync(HttpMethod.Get, "/own", ada), await StatusAsync(HttpMethod.Get, "/own", grace), await StatusAsync(HttpMethod.Get, "/own", reader), await StatusAsync(HttpMethod.Get, "/own", "root")]);
        Assert.Equal((int[])[200, 200], (int[])[await StatusAsync(HttpMethod.Get, "/shared", grace), await StatusAsync(HttpMethod.Get, "/shared", reader)]);
        Assert.Equal((int[])[403, 403, 403], (int[])[await StatusAsync(HttpMethod.Put, "/shared", grace, """{"name":"hers"}"""), await StatusAsync(HttpMethod.Put, "/own", grace, """{"name":"hers"}"""), await StatusAsync(HttpMethod.Put, "/new", reader, """{"name":"n"}""")]);
        Assert.Equal((int[])[403, 404, 403], (int[])[await StatusAsync(HttpMethod.Delete, "/shared", grace), await StatusAsync(HttpMethod.Delete, "/own", grace), await StatusAsync(HttpMethod.Delete, "/shared", reader)]);
        Assert.Equal((int[])[403, 200], (int[])[await StatusAsync(HttpMethod.Get, "?all=true", ada), await StatusAsync(HttpMethod.Get, "?all=true", "root")]);
        (await other.Api.SendJsonAsync(HttpMethod.Post, "/api/2.0/mlflow/runs/create", """{"experiment_id":"0"}""", ("Authorization", $"Bearer {ada}"))).Ok();
        var pages = new List<string>();
        foreach (var token in new[] { ada, grace, reader })
        {
            pages.Add((await other.Api.SendJsonAsync(HttpMethod.Get, "/experiments/0?filter=metrics.a+%3E+1&saved=shared", null, ("Authorization", $"Bearer {token}"))).Text);
        }
        Assert.Equal([true, false, false], pages.Select(static page => page.Contains("Save changes", StringComparison.Ordinal)));
        Assert.Equal([true, false, false], pages.Select(static page => page.Contains("Delete this view", StringComparison.Ordinal)));
        Assert.Equal([true, true, false], pages.Select(static page => page.Contains("Save as a view", StringComparison.Ordinal)));
        Assert.Equal([true, false, false], pages.Select(static page => page.Contains(">mine<", StringComparison.Ordinal)));
        Assert.Equal([false, true, true], pages.Select(static page => page.Contains(", by ada", StringComparison.Ordinal)));
        Assert.All(pages, static page => Assert.Contains(">changed<", page, StringComparison.Ordinal));
        Assert.Equal(404, (await other.Api.SendJsonAsync(HttpMethod.Get, "/experiments/0/views/own", null, ("Authorization", $"Bearer {grace}"))).Status);
        // What another saved for himself an administrator can open by its link, which leads here, although no list offers it.
        var opened = (await other.Api.SendJsonAsync(HttpMethod.Get, "/experiments/0?saved=own", null, ("Authorization", "Bearer root"))).Text;
        Assert.Contains("<span class=\"named\">mine</span>", opened, StringComparison.Ordinal);
        Assert.Contains("Not shared, by ada", opened, StringComparison.Ordinal);
        Assert.Matches("<view-changes[^>]* hidden", opened);
        Assert.Contains("<span class=\"named\">All runs</span>", (await other.Api.SendJsonAsync(HttpMethod.Get, "/experiments/0?saved=own", null, ("Authorization", $"Bearer {grace}"))).Text, StringComparison.Ordinal);
        Assert.Equal(204, await StatusAsync(HttpMethod.Delete, "/own", "root"));
        Assert.Equal(204, await StatusAsync(HttpMethod.Delete, "/shared", ada));

        async Task<int> StatusAsync(HttpMethod method, string path, string token, string? json = null) => (await other.Api.SendJsonAsync(method, Path + path, json, ("Authorization", $"Bearer {token}"))).Status;

        async Task<string> TokenAsync(string name, string role) =>
            (await other.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", $$"""{"name":"{{name}}","role":"{{role}}"}""", ("Authorization", "Bearer root"))).Json["token"]!.ToString();
    }

    [Fact]
    public async Task Page_lists_views_says_which_is_shown_and_whether_it_was_changed_and_shows_names_as_text()
    {
        var path = await ExperimentAsync();
        var page = $"/experiments/{path.Split('/')[4]}";
        await host.Api.CreateRunAsync(path.Split('/')[4]);
        await SendAsync(HttpMethod.Put, $"{path}/hostile", "ada", new { name = Hostile, description = Hostile, shared = true, query = new { filter = "params.lr = '\"><script>'", columns = "params.lr" } });
        await SendAsync(HttpMethod.Put, $"{path}/own", "ada", new { name = "ada's alone" });

        var all = await PageAsync(page, "ada");
        Assert.DoesNotContain("<script>alert", all.Text, StringComparison.Ordinal);
        Assert.Contains("ada's alone", WebUtility.HtmlDecode(all.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("ada's alone", WebUtility.HtmlDecode((await PageAsync(page, "grace")).Text), StringComparison.Ordinal);
        Assert.InRange(all.Operations, 1, 7);
        Assert.DoesNotContain(">changed<", all.Text, StringComparison.Ordinal);
        Assert.Contains(">changed<", (await PageAsync($"{page}?filter=params.lr+%3D+1", "ada")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">changed<", (await PageAsync($"{page}?view=charts", "ada")).Text, StringComparison.Ordinal);

        var link = (await PageAsync($"{page}/views/hostile", "grace")).Headers.Location!.ToString();
        var shown = (await PageAsync(link, "ada")).Text;
        Assert.DoesNotContain("<script>", shown.Replace("<script type=\"module\"", "", StringComparison.Ordinal).Replace("<script src", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Matches("<view-changes[^>]* hidden", shown);
        Assert.Contains("data-if-match=\"&quot;1&quot;\"", shown, StringComparison.Ordinal);
        Assert.Contains("Delete this view", shown, StringComparison.Ordinal);

        var changed = (await PageAsync(link.Replace("columns=params.lr", "columns=params.lr%2Cparams.a", StringComparison.Ordinal), "ada")).Text;
        Assert.Matches("<view-changes changed[^>]*>", changed);
        Assert.DoesNotMatch("<view-changes[^>]* hidden", changed);
        // What only spells the same otherwise is no change.
        Assert.Matches("<view-changes[^>]* hidden", (await PageAsync(link.Replace("columns=params.lr", "columns=param.lr", StringComparison.Ordinal), "ada")).Text);
    }

    private static string Text(JsonNode node) => node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private async Task<string> ExperimentAsync() => $"/api/v1/experiments/{await host.Api.CreateExperimentAsync()}/views";

    private async Task<Answer> SendAsync(HttpMethod method, string path, string user, object? body, params (string Name, string Value)[] headers) =>
        await host.Api.SendJsonAsync(method, path, body is null ? null : System.Text.Json.JsonSerializer.Serialize(body), [Basic(user), .. headers]);

    // As it is answered: where it leads is part of what is asked.
    private async Task<Answer> PageAsync(string path, string user)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var (name, value) = Basic(user);
        request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static (string Name, string Value) Basic(string user) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:")));
}
