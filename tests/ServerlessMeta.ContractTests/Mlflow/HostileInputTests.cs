using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

/// <summary>Every field of every request, each with everything that could go wrong in it: refused or taken, but never a fault of the store.</summary>
public sealed class HostileInputTests(FunctionsHost host) : IClassFixture<FunctionsHost>
{
    private static readonly string[] Values =
    [
        Quoted(new string('x', 1_000_000)), Quoted("\u0000\u0001\u001f\u007f"), "\"\\ud800\"", "\"\\udc00\\ud800\"", Quoted("../../x"), Quoted("' or 1=1 --"), Quoted("%00%2e%2e"), Quoted("\\/#?%"), Quoted("\uffff\ufffe"),
        Quoted("𝔘𝔫𝔦"), "NaN", "\"NaN\"", "1e400", "-1e400", "9223372036854775808", "-9223372036854775809", "\"9223372036854775808\"", "0.5", "true", "null", "[]", "{}", "[[[[{}]]]]", "[null]", "[1]", "\"\"", "-1",
    ];

    public static TheoryData<string, string> Bodies => new()
    {
        { "experiments/create", """{"name":"n","artifact_location":"s3://b","tags":[{"key":"k","value":"v"}]}""" },
        { "experiments/search", """{"max_results":5,"page_token":"","filter":"","order_by":["name"],"view_type":"ALL"}""" },
        { "experiments/update", """{"experiment_id":"{exp}","new_name":"x"}""" },
        { "experiments/delete", """{"experiment_id":"99"}""" },
        { "experiments/restore", """{"experiment_id":"99"}""" },
        { "experiments/set-experiment-tag", """{"experiment_id":"{exp}","key":"k","value":"v"}""" },
        { "experiments/delete-experiment-tag", """{"experiment_id":"{exp}","key":"k"}""" },
        { "runs/create", """{"experiment_id":"{exp}","user_id":"u","run_name":"n","start_time":1,"tags":[{"key":"k","value":"v"}]}""" },
        { "runs/update", """{"run_id":"{run}","status":"RUNNING","end_time":1,"run_name":"n"}""" },
        { "runs/log-metric", """{"run_id":"{run}","key":"k","value":1,"timestamp":1,"step":1}""" },
        { "runs/log-metric", """{"run_id":"{run}","key":"k","value":1,"timestamp":1,"step":1,"model_id":"{model}","dataset_name":"n","dataset_digest":"d"}""" },
        { "runs/outputs", """{"run_id":"{run}","models":[{"model_id":"m-1","step":1}]}""" },
        { "logged-models", """{"experiment_id":"{exp}","name":"n","model_type":"t","source_run_id":"{run}","params":[{"key":"k","value":"v"}],"tags":[{"key":"k","value":"v"}]}""" },
        { "logged-models/{model}/params", """{"model_id":"{model}","params":[{"key":"k","value":"v"}]}""" },
        { "PATCH logged-models/{model}/tags", """{"model_id":"{model}","tags":[{"key":"k","value":"v"}]}""" },
        { "PATCH logged-models/{model}", """{"model_id":"{model}","status":"LOGGED_MODEL_READY"}""" },
        { "logged-models/search", """{"experiment_ids":["{exp}"],"filter":"metrics.m > 1","datasets":[{"dataset_name":"n","dataset_digest":"d"}],"max_results":5,"order_by":[{"field_name":"metrics.m","ascending":true,"dataset_name":"n","dataset_digest":"d"}],"page_token":""}""" },
        { "registered-models/create", """{"name":"{run}","description":"d","tags":[{"key":"k","value":"v"}]}""" },
        { "registered-models/rename", """{"name":"hostile","new_name":"{run}"}""" },
        { "PATCH registered-models/update", """{"name":"hostile","description":"d"}""" },
        { "DELETE registered-models/delete", """{"name":"none"}""" },
        { "registered-models/get-latest-versions", """{"name":"hostile","stages":["None"]}""" },
        { "registered-models/set-tag", """{"name":"hostile","key":"k","value":"v"}""" },
        { "DELETE registered-models/delete-tag", """{"name":"hostile","key":"k"}""" },
        { "registered-models/alias", """{"name":"hostile","alias":"a","version":"1"}""" },
        { "DELETE registered-models/alias", """{"name":"hostile","alias":"b"}""" },
        { "model-versions/create", """{"name":"hostile","source":"models:/{model}","run_id":"{run}","model_id":"{model}","run_link":"l","description":"d","tags":[{"key":"k","value":"v"}]}""" },
        { "PATCH model-versions/update", """{"name":"hostile","version":"1","description":"d"}""" },
        { "DELETE model-versions/delete", """{"name":"hostile","version":"99999"}""" },
        { "model-versions/transition-stage", """{"name":"hostile","version":"1","stage":"Staging","archive_existing_versions":true}""" },
        { "model-versions/set-tag", """{"name":"hostile","version":"1","key":"k","value":"v"}""" },
        { "DELETE model-versions/delete-tag", """{"name":"hostile","version":"1","key":"k"}""" },
        { "runs/log-parameter", """{"run_id":"{run}","key":"k","value":"v"}""" },
        { "runs/set-tag", """{"run_id":"{run}","key":"k","value":"v"}""" },
        { "runs/delete-tag", """{"run_id":"{run}","key":"k"}""" },
        { "runs/log-batch", """{"run_id":"{run}","metrics":[{"key":"k","value":1,"timestamp":1,"step":1}],"params":[{"key":"k","value":"v"}],"tags":[{"key":"k","value":"v"}]}""" },
        { "runs/log-model", """{"run_id":"{run}","model_json":"{}"}""" },
        { "runs/log-inputs", """{"run_id":"{run}","datasets":[{"tags":[{"key":"a","value":"b"}],"dataset":{"name":"n","digest":"d","source_type":"t","source":"s","schema":"s","profile":"p"}}],"models":[{"model_id":"m-1"}]}""" },
        { "experiments/search-datasets", """{"experiment_ids":["{exp}"]}""" },
        { "webhooks", """{"name":"n","url":"https://receiver.invalid/","events":[{"entity":"PROMPT","action":"CREATED"}],"description":"d","secret":"s","status":"ACTIVE"}""" },
        { "PATCH webhooks/{webhook}", """{"webhook_id":"{webhook}","name":"n","url":"https://receiver.invalid/","events":[{"entity":"PROMPT","action":"CREATED"}],"description":"d","secret":"s","status":"ACTIVE"}""" },
        { "webhooks/{webhook}/test", """{"event":{"entity":"PROMPT","action":"CREATED"}}""" },
        { "runs/search", """{"experiment_ids":["{exp}"],"filter":"metrics.m > 1","run_view_type":"ALL","max_results":5,"order_by":["metrics.m"],"page_token":""}""" },
    };

    public static TheoryData<string, string> Queries => new()
    {
        { "experiments/get", "experiment_id" }, { "experiments/get-by-name", "experiment_name" }, { "experiments/search", "filter,order_by,max_results,page_token,view_type" }, { "runs/get", "run_id,run_uuid" },
        { "webhooks", "max_results,page_token" }, { "metrics/get-history", "run_id,metric_key,max_results,page_token" }, { "metrics/get-history-bulk", "run_id,metric_key,max_results" },
        { "metrics/get-history-bulk-interval", "run_ids,metric_key,start_step,end_step,max_results" },
        { "registered-models/get", "name" }, { "registered-models/get-latest-versions", "name,stages" }, { "registered-models/alias", "name,alias" },
        { "registered-models/search", "filter,order_by,max_results,page_token" }, { "model-versions/search", "filter,order_by,max_results,page_token" },
        { "model-versions/get", "name,version" }, { "model-versions/get-download-uri", "name,version" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task No_field_of_a_body_breaks_the_store(string path, string body)
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        var model = (await host.Api.PostAsync("logged-models", new { experiment_id = experiment })).Ok()["model"]!["info"]!["model_id"]!.ToString();
        var webhook = (await host.Api.PostAsync("webhooks", new { name = "w", url = "https://receiver.invalid/", events = new[] { new { entity = "PROMPT", action = "CREATED" } } })).Ok()["webhook"]!["webhook_id"]!.ToString();
        string Named(string text) => text.Replace("{exp}", experiment, StringComparison.Ordinal).Replace("{run}", run, StringComparison.Ordinal).Replace("{model}", model, StringComparison.Ordinal).Replace("{webhook}", webhook, StringComparison.Ordinal);
        await host.Api.PostAsync("registered-models/create", new { name = "hostile" });
        (await host.Api.PostAsync("model-versions/create", new { name = "hostile", source = "s3://b" })).Ok();
        var template = Named(body);
        var words = Named(path).Split(' ');
        foreach (var place in Places(JsonNode.Parse(template)!))
        {
            foreach (var value in Values)
            {
                var hostile = JsonNode.Parse(template)!;
                Put(hostile, place, "\"<here>\"");
                var answer = await host.Api.SendJsonAsync(words.Length == 1 ? HttpMethod.Post : new HttpMethod(words[0]), words[^1], hostile.ToJsonString().Replace("\"\\u0022\\u003Chere\\u003E\\u0022\"", value, StringComparison.Ordinal));

                Check(answer, $"{path} {string.Join('.', place)} {Short(value)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task No_field_of_a_query_breaks_the_store(string path, string fields)
    {
        var run = await host.Api.CreateRunAsync("0");
        foreach (var field in fields.Split(','))
        {
            foreach (var text in (string[])[new string('x', 20_000), "\u0000", "\ud800", "../..", "'", "%", "9223372036854775808", "-1", "NaN", "1e400", "", "[]", "Ω\uffff"])
            {
                var query = fields.Split(',').Select(name => (name, Value: name == field ? text : name is "run_id" or "run_ids" ? run : name == "metric_key" ? "m" : "")).Where(static pair => pair.Value.Length > 0);

                Check(await host.Api.GetAsync(path, [.. query]), $"{path} {field} {Short(text)}");
            }
        }
    }

    [Fact]
    public async Task No_part_of_a_path_breaks_the_store()
    {
        foreach (var text in (string[])[new string('x', 7_000), "%00", "%ed%a0%80", "..%2f..", "'", "%25", "m-", "m-0123456789ABCDEF0123456789abcdef", "%ff%fe", "a%2Fb", "Ω\uffff", "%20"])
        {
            Check(await host.Api.GetAsync($"logged-models/{text}"), $"GET {Short(text)}");
            Check(await host.Api.GetAsync($"webhooks/{text}"), $"GET webhooks {Short(text)}");
            Check(await host.Api.PatchAsync($"webhooks/{text}", new { name = "n" }), $"PATCH webhooks {Short(text)}");
            Check(await host.Api.PostAsync($"webhooks/{text}/test", new { }), $"POST webhooks {Short(text)}");
            Check(await host.Api.DeleteAsync($"logged-models/{text}"), $"DELETE {Short(text)}");
            Check(await host.Api.PatchAsync($"logged-models/{text}", new { status = 2 }), $"PATCH {Short(text)}");
            Check(await host.Api.PostAsync($"logged-models/{text}/params", new { }), $"POST {Short(text)}");
            Check(await host.Api.DeleteAsync($"logged-models/{(await host.Api.PostAsync("logged-models", new { experiment_id = "0" })).Ok()["model"]!["info"]!["model_id"]}/tags/{text}"), $"DELETE tags {Short(text)}");
        }
    }

    private static void Check(Answer answer, string what)
    {
        Assert.True(answer.Status is 200 or 400 or 404 or 414 or 431, $"{what}: {answer.Status} {Short(answer.Text)}");
        if (answer.Status is 400 or 404 && answer.Text.Length > 0)
        {
            Assert.False(string.IsNullOrEmpty(answer.Json["error_code"]?.ToString()), what);
            Assert.True(answer.Text.Length < 5_000, $"{what}: an error of {answer.Text.Length} characters");
            Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        }
    }

    // Every value of the body, and every member that holds others.
    private static IEnumerable<object[]> Places(JsonNode node, params object[] place)
    {
        var inner = node switch
        {
            JsonObject fields => fields.SelectMany(field => Places(field.Value!, [.. place, field.Key])),
            JsonArray items => items.SelectMany((item, i) => Places(item!, [.. place, i])),
            _ => [],
        };
        return place.Length == 0 ? inner : inner.Prepend(place);
    }

    private static void Put(JsonNode root, object[] place, string value)
    {
        var holder = place[..^1].Aggregate(root, static (node, step) => step is int index ? node[index]! : node[(string)step]!);
        if (place[^1] is int last)
        {
            holder.AsArray()[last] = value;
        }
        else
        {
            holder[(string)place[^1]] = value;
        }
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Short(string text) => text.Length <= 60 ? text : new StringBuilder(text, 0, 60, 70).Append("...").ToString();
}
