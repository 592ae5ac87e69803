using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Comments;

/// <summary>Comments, mentions and owners, over HTTP.</summary>
public abstract class CommentTests(StoreHost host)
{
    private static int models;

    public static TheoryData<string> Kinds => ["experiments", "runs", "models", "versions"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_comment_is_made_answered_edited_and_deleted(string kind)
    {
        var path = await SubjectAsync(kind);

        var made = await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "Looks *good*, @Grace." });

        Assert.Equal(201, made.Status);
        Assert.Equal($"{path}/comments/1", made.Headers.Location?.ToString());
        Assert.Equal("\"1.1\"", made.Headers.ETag?.ToString());
        Assert.Equal((1, "ada", "Looks *good*, @Grace.", "[\"grace\"]"), (made.Json["id"]!.GetValue<int>(), made.Json["author"]!.GetValue<string>(), made.Json["text"]!.GetValue<string>(), made.Json["mentions"]!.ToJsonString()));
        var reply = await SendAsync(HttpMethod.Post, $"{path}/comments", "grace", new { text = "Thanks", replyTo = 1 });
        Assert.Equal((201, 1), (reply.Status, reply.Json["replyTo"]!.GetValue<int>()));

        Assert.Equal(403, (await SendAsync(HttpMethod.Patch, $"{path}/comments/1", "grace", new { text = "no" })).Status);
        Assert.Equal(412, (await SendAsync(HttpMethod.Patch, $"{path}/comments/1", "ada", new { text = "no" }, ("If-Match", "\"1.7\""))).Status);
        var edited = await SendAsync(HttpMethod.Patch, $"{path}/comments/1", "ada", new { text = "Looks fine." }, ("If-Match", "\"1.1\""));
        Assert.Equal((200, "\"1.2\"", "[]"), (edited.Status, edited.Headers.ETag?.ToString(), edited.Json["mentions"]!.ToJsonString()));
        var gone = (await SendAsync(HttpMethod.Delete, $"{path}/comments/1", "grace")).Ok();
        Assert.Equal(gone.ToJsonString(), (await SendAsync(HttpMethod.Delete, $"{path}/comments/1", "ada")).Ok().ToJsonString());
        Assert.Equal(409, (await SendAsync(HttpMethod.Patch, $"{path}/comments/1", "ada", new { text = "again" })).Status);

        var listed = (await host.Api.GetAsync($"{path}/comments")).Ok();
        Assert.Null(listed["nextPageToken"]);
        Assert.Equal(["1 ada  grace", "2 grace Thanks "], listed["comments"]!.AsArray().Select(static comment => $"{comment!["id"]} {comment["author"]} {comment["text"]} {comment["deletedBy"]}"));
        Assert.Equal(listed["comments"]![1]!.ToJsonString(), (await host.Api.GetAsync($"{path}/comments/2")).Ok().ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Mentions_lead_back_to_the_comments(string kind)
    {
        var (path, name) = (await SubjectAsync(kind), "m" + WriteId.New());
        await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = $"First, @{name}" });
        await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = $"Second, @{name}" });

        var first = (await SendAsync(HttpMethod.Get, "/api/v1/mentions?of=me&pageSize=1", name)).Ok();
        var second = (await host.Api.GetAsync("/api/v1/mentions", ("of", name.ToUpperInvariant()), ("pageSize", "1"), ("pageToken", first["nextPageToken"]!.GetValue<string>()))).Ok();

        Assert.Equal($"{path} 2 ada Second, @{name}", Told(first));
        Assert.Equal($"{path} 1 ada First, @{name}", Told(second));
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(200, (await host.Api.GetAsync($"/api/v1/{first["mentions"]![0]!["subject"]}/comments")).Status);

        static string Told(JsonNode page) => page["mentions"]!.AsArray().Single() is { } mention ? $"/api/v1/{mention["subject"]} {mention["comment"]} {mention["author"]} {mention["excerpt"]}" : "";
    }

    [Fact]
    public async Task A_feed_has_what_was_said_and_done_newest_first()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var path = "/api/v1/experiments/" + experiment;
        await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "Whose is it?" });
        await SendAsync(HttpMethod.Put, $"{path}/owner", "grace", new { owner = "grace" });
        await SendAsync(HttpMethod.Post, $"{path}/comments", "grace", new { text = "Mine." });

        var feed = (await host.Api.GetAsync($"{path}/feed")).Ok();

        Assert.Null(feed["nextPageToken"]);
        Assert.Equal(["comment grace Mine.", "change grace experiment.tag", "comment ada Whose is it?", "change local experiment.create"], feed["items"]!.AsArray().Select(Told));
    }

    [Fact]
    public async Task A_versions_feed_has_what_concerns_it()
    {
        var path = await SubjectAsync("versions");
        var name = Uri.UnescapeDataString(path.Split('/')[4]);
        await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "Ship it." });
        (await host.Api.PostAsync("registered-models/alias", new { name, alias = "champion", version = "1" })).Ok();
        (await host.Api.PostAsync("registered-models/alias", new { name, alias = "champion", version = "2" })).Ok();
        (await host.Api.PostAsync("model-versions/set-tag", new { name, version = "1", key = "k", value = "v" })).Ok();
        (await host.Api.PostAsync("model-versions/set-tag", new { name, version = "2", key = "k", value = "v" })).Ok();

        var feed = (await host.Api.GetAsync($"{path}/feed")).Ok();

        Assert.Equal(["change local version.tag.set", "change local alias.set", "comment ada Ship it.", "change local version.create"], feed["items"]!.AsArray().Select(Told));
        Assert.Equal("1 -> 2", feed["items"]![1]!["change"]!["details"]!["alias champion"]!.GetValue<string>());
        Assert.Equal(7, (await host.Api.GetAsync($"/api/v1/models/{Uri.EscapeDataString(name)}/feed")).Ok()["items"]!.AsArray().Count);
        Assert.Equal(400, (await host.Api.GetAsync($"{path}/feed", ("pageToken", "x"))).Status);
        Assert.Equal(400, (await host.Api.GetAsync($"{path}/feed", ("pageSize", "0"))).Status);
    }

    [Theory]
    [InlineData("/api/v1/experiments/99999", 404)]
    [InlineData("/api/v1/experiments/x", 404)]
    [InlineData("/api/v1/runs/00000000000000000000000000000001", 404)]
    [InlineData("/api/v1/runs/x", 400)]
    [InlineData("/api/v1/models/none", 404)]
    [InlineData("/api/v1/models/%C3%A9%2F%3F%23", 404)]
    [InlineData("/api/v1/models/none/versions/1", 404)]
    [InlineData("/api/v1/models/none/versions/x", 400)]
    public async Task What_is_not_there_is_not_commented_on(string path, int status)
    {
        Assert.Equal(status, (await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "a" })).Status);
        Assert.Equal(status, (await host.Api.GetAsync($"{path}/comments")).Status);
        Assert.Equal(status, (await host.Api.GetAsync($"{path}/feed")).Status);
        Assert.Equal(status, (await host.Api.GetAsync($"{path}/comments/1")).Status);
        Assert.Equal(status, (await SendAsync(HttpMethod.Patch, $"{path}/comments/1", "ada", new { text = "a" })).Status);
        Assert.Equal(status, (await SendAsync(HttpMethod.Delete, $"{path}/comments/1", "ada")).Status);
    }

    [Fact]
    public async Task A_version_that_the_model_has_not_is_not_commented_on() =>
        Assert.Equal(404, (await SendAsync(HttpMethod.Post, (await SubjectAsync("models")) + "/versions/3/comments", "ada", new { text = "a" })).Status);

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_comment_that_is_not_there_is_not_found(string id)
    {
        var path = await SubjectAsync("experiments");

        Assert.Equal(404, (await host.Api.GetAsync($"{path}/comments/{id}")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Patch, $"{path}/comments/{id}", "ada", new { text = "a" })).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, $"{path}/comments/{id}", "ada")).Status);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":" \n "}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":"\u0000"}""")]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"text":"a","replyTo":1}""")]
    [InlineData("""{"text":"a","replyTo":"1"}""")]
    [InlineData("""{"text":"a","author":"grace"}""")]
    [InlineData("""{"text":"@a @b @c @d @e @f @g @h @i @j @k @l @m @n @o @p @q @r @s @t @u"}""")]
    [InlineData("""[]""")]
    [InlineData("""{"text":""")]
    public async Task A_comment_that_cannot_be_is_refused(string json)
    {
        var path = await SubjectAsync("experiments");

        var refused = await host.Api.PostJsonAsync($"{path}/comments", json);

        Assert.Equal((400, "application/problem+json"), (refused.Status, refused.ContentType));
        Assert.Empty((await host.Api.GetAsync($"{path}/comments")).Ok()["comments"]!.AsArray());
    }

    [Fact]
    public async Task A_text_has_up_to_16_kibibytes_however_it_is_sent()
    {
        var path = await SubjectAsync("experiments");

        Assert.Equal(201, (await host.Api.PostJsonAsync($"{path}/comments", $$"""{"text":"{{string.Concat(Enumerable.Repeat("\\u00e9", 8192))}}"}""")).Status);
        Assert.Equal(201, (await host.Api.PostJsonAsync($"{path}/comments", $$"""{"text":"{{string.Concat(Enumerable.Repeat("\\u0061", 16384))}}"}""")).Status);
        Assert.Equal(400, (await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = new string('a', 16385) })).Status);
        Assert.Equal(400, (await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = new string('a', 1_000_000) })).Status);
    }

    [Fact]
    public async Task A_repeated_key_answers_the_comment_that_was_made()
    {
        var path = await SubjectAsync("runs");

        var first = await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "a" }, ("Idempotency-Key", "k"));
        var second = await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "a" }, ("Idempotency-Key", "k"));

        Assert.Equal((201, 201, first.Text), (first.Status, second.Status, second.Text));
        Assert.Equal(400, (await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "a" }, ("Idempotency-Key", new string('k', 256)))).Status);
    }

    [Fact]
    public async Task Lists_refuse_what_is_no_page()
    {
        var path = await SubjectAsync("experiments");

        Assert.Equal(400, (await host.Api.GetAsync($"{path}/comments", ("pageSize", "1001"))).Status);
        Assert.Equal(400, (await host.Api.GetAsync($"{path}/comments", ("pageToken", "x"))).Status);
        Assert.Equal(400, (await host.Api.GetAsync("/api/v1/mentions", ("of", "Ada Lovelace"))).Status);
        Assert.Equal(400, (await host.Api.GetAsync("/api/v1/mentions", ("pageToken", "x"))).Status);
    }

    [Theory]
    [InlineData("experiments")]
    [InlineData("runs")]
    public async Task An_owner_is_a_tag_that_any_client_sees(string kind)
    {
        var path = await SubjectAsync(kind);
        Assert.Equal("""{"owner":null}""", (await host.Api.GetAsync($"{path}/owner")).Ok().ToJsonString());

        Assert.Equal("""{"owner":"ada@example.org"}""", (await SendAsync(HttpMethod.Put, $"{path}/owner", "grace", new { owner = "Ada@Example.org" })).Ok().ToJsonString());

        Assert.Equal("""{"owner":"ada@example.org"}""", (await host.Api.GetAsync($"{path}/owner")).Ok().ToJsonString());
        var id = path.Split('/')[^1];
        var tags = (kind == "runs" ? (await host.Api.GetRunAsync(id))["data"]! : (await host.Api.GetAsync("experiments/get", ("experiment_id", id))).Ok()["experiment"]!)["tags"]!.AsArray();
        Assert.Equal("ada@example.org", tags.Single(static tag => tag!["key"]!.GetValue<string>() == "owner")!["value"]!.GetValue<string>());
        for (var repeated = 0; repeated < 2; repeated++)
        {
            Assert.Equal("""{"owner":null}""", (await host.Api.SendJsonAsync(HttpMethod.Put, $"{path}/owner", """{"owner":null}""")).Ok().ToJsonString());
        }
        Assert.Equal("""{"owner":null}""", (await host.Api.GetAsync($"{path}/owner")).Ok().ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/runs/00000000000000000000000000000001", """{"owner":"ada"}""", 404)]
    [InlineData("/api/v1/runs/x", """{"owner":"ada"}""", 400)]
    [InlineData("/api/v1/experiments/99999", """{"owner":"ada"}""", 404)]
    [InlineData("/api/v1/experiments/x", """{"owner":null}""", 404)]
    [InlineData("/api/v1/experiments/0", """{"owner":"Ada Lovelace"}""", 400)]
    [InlineData("/api/v1/experiments/0", """{"owner":7}""", 400)]
    [InlineData("/api/v1/experiments/0", """{}""", 400)]
    [InlineData("/api/v1/experiments/0", """{"who":"ada"}""", 400)]
    [InlineData("/api/v1/experiments/0", """{""", 400)]
    public async Task An_owner_that_cannot_be_is_refused(string path, string json, int status) => Assert.Equal(status, (await host.Api.SendJsonAsync(HttpMethod.Put, $"{path}/owner", json)).Status);

    [Fact]
    public async Task What_is_commented_costs_what_the_table_says()
    {
        var path = await SubjectAsync("runs");

        Assert.Equal(3, (await SendAsync(HttpMethod.Post, $"{path}/comments", "ada", new { text = "a" })).Operations);
        Assert.Equal(2, (await host.Api.GetAsync($"{path}/comments")).Operations);
        Assert.Equal(1, (await host.Api.GetAsync("/api/v1/mentions", ("of", "nobody"))).Operations);
    }

    private static string Told(JsonNode? item) => $"{item!["kind"]} {item["by"]} {item["comment"]?["text"] ?? item["change"]?["action"]}";

    private static string Basic(string user) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":x"));

    private Task<Answer> SendAsync(HttpMethod method, string path, string user, object? body = null, params (string Name, string Value)[] headers) =>
        host.Api.SendJsonAsync(method, path, body is null ? null : System.Text.Json.JsonSerializer.Serialize(body), [("Authorization", Basic(user)), .. headers]);

    /// <returns>The path of something new that can be commented on.</returns>
    private async Task<string> SubjectAsync(string kind) => kind switch
    {
        "experiments" => "/api/v1/experiments/" + await host.Api.CreateExperimentAsync(),
        "runs" => "/api/v1/runs/" + await host.Api.CreateRunAsync("0"),
        "models" => "/api/v1/models/" + await CreateModelAsync(),
        _ => $"/api/v1/models/{await CreateModelAsync()}/versions/2",
    };

    private async Task<string> CreateModelAsync()
    {
        var name = $"m \u00e9 {Interlocked.Increment(ref models)}";
        (await host.Api.PostAsync("registered-models/create", new { name })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name, source = "s3://b/a" })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name, source = "s3://b/a" })).Ok();
        return Uri.EscapeDataString(name);
    }
}

public sealed class CommentTestsOnKestrel(KestrelHost host) : CommentTests(host), IClassFixture<KestrelHost>;

public sealed class CommentTestsOnFunctions(FunctionsHost host) : CommentTests(host), IClassFixture<FunctionsHost>;
