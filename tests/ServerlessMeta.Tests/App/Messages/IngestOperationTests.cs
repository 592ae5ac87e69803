using System.Text;
using System.Text.Json;
using ServerlessMeta.App.Messages;

namespace ServerlessMeta.Tests.App.Messages;

public sealed class IngestOperationTests
{
    private static readonly string[] Types =
    [
        "dev.serverlessmeta.artifact.register.v1", "dev.serverlessmeta.evaluation.record.v1", "dev.serverlessmeta.labels.post.v1", "dev.serverlessmeta.retrain.completed.v1", "dev.serverlessmeta.retrain.started.v1",
        "dev.serverlessmeta.run.create.v1", "dev.serverlessmeta.run.log-batch.v1", "dev.serverlessmeta.run.log-inputs.v1", "dev.serverlessmeta.run.set-tag.v1", "dev.serverlessmeta.run.update.v1",
        "dev.serverlessmeta.window.post.v1",
    ];

    [Fact]
    public void These_operations_are_done_by_events() => Assert.Equal(Types, IngestOperations.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_path_without_a_target_takes_the_data_as_it_is()
    {
        var request = Bind("run.log-batch", """{"run_id":"abc", "metrics":[{"value": 1.50}]}""");

        Assert.Equal(("POST", "/api/2.0/mlflow/runs/log-batch", "/api/2.0/mlflow/runs/log-batch", "run_id:abc"), (request.Method, request.Path, request.Target, request.Order));
        Assert.Equal("""{"run_id":"abc", "metrics":[{"value": 1.50}]}""", Text(request));
    }

    [Theory]
    [InlineData("""{"runId":"abc"}""")]
    [InlineData("""{"run_uuid":"abc"}""")]
    public void A_run_is_one_target_however_it_is_named(string data) => Assert.Equal("run_id:abc", Bind("run.set-tag", data).Order);

    [Fact]
    public void Creations_of_runs_need_no_order() => Assert.Null(Bind("run.create", """{"experiment_id":"0"}""").Order);

    [Fact]
    public void Versions_of_an_artifact_keep_their_order() => Assert.Equal("name:data/train", Bind("artifact.register", """{"name":"data/train","run":"x"}""").Order);

    [Fact]
    public void The_data_may_name_the_target_and_then_is_no_part_of_the_body()
    {
        var request = Bind("evaluation.record", """{"model":"a/b é","version":3,"metrics":[1.50]}""", subject: "models/other/versions/1");

        Assert.Equal(("/api/v1/models/a%2Fb é/versions/3/evaluations", "/api/v1/models/a%2Fb%20%C3%A9/versions/3/evaluations", "/api/v1/models/a%2Fb%20%C3%A9/versions/3"), (request.Path, request.Target, request.Order));
        Assert.Equal("""{"metrics":[1.50]}""", Text(request));
    }

    [Fact]
    public void The_subject_may_name_the_target_as_the_path_does()
    {
        var request = Bind("window.post", """{"model":7.5,"id":"w"}""", subject: "models/a%2Fb/versions/alias:production");

        Assert.Equal(("/api/v1/models/a%2Fb/versions/alias:production/windows", "/api/v1/models/a%2Fb/versions/alias%3Aproduction/windows"), (request.Path, request.Target));
        Assert.Equal("""{"model":7.5,"id":"w"}""", Text(request));
    }

    [Theory]
    [InlineData("window.post", """{"monitor":"sales"}""", null, "/api/v1/monitors/sales/windows")]
    [InlineData("labels.post", "{}", "monitors/sales", "/api/v1/monitors/sales/labels")]
    [InlineData("labels.post", "{}", "sales", "/api/v1/monitors/sales/labels")]
    [InlineData("retrain.started", """{"trigger":"t1"}""", null, "/api/v1/triggers/t1/started")]
    [InlineData("retrain.completed", "{}", "triggers/t1", "/api/v1/triggers/t1/completed")]
    [InlineData("retrain.completed", "{}", "t1", "/api/v1/triggers/t1/completed")]
    public void Targets_of_one_name(string operation, string data, string? subject, string path) => Assert.Equal(path, Bind(operation, data, subject).Path);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{}", "models/churn")]
    [InlineData("{}", "models//versions/1")]
    [InlineData("""{"model":"churn"}""", null)]
    [InlineData("""{"model":"churn","version":""}""", null)]
    [InlineData("""{"model":"churn","version":1.5}""", null)]
    [InlineData("""{"model":["churn"],"version":1}""", "a/models/churn/versions/1")]
    public void A_missing_target_is_told(string data, string? subject)
    {
        var (request, refusal) = Operation("window.post").Bind(Event(data, subject));

        Assert.Null(request);
        Assert.Equal(
            new EventRefusal("NO_TARGET", "What is meant is not said: data.model and data.version (or the subject models/{model}/versions/{version}), or data.monitor (or the subject monitors/{monitor}) is needed."), refusal);
    }

    [Fact]
    public void A_name_cannot_leave_its_place()
    {
        var request = Bind("evaluation.record", """{"model":"../../tokens?x#","version":"{model}"}""");

        Assert.Equal("/api/v1/models/..%2F..%2Ftokens?x#/versions/{model}/evaluations", request.Path);
        Assert.Equal("/api/v1/models/..%2F..%2Ftokens%3Fx%23/versions/%7Bmodel%7D/evaluations", request.Target);
    }

    [Fact]
    public void Each_type_names_entity_verb_and_version() => Assert.All(IngestOperations.All.Values, static operation =>
    {
        Assert.Matches(@"^dev\.serverlessmeta\.[a-z]+\.[a-z-]+\.v1$", operation.Type);
        Assert.All(operation.Templates, static template => Assert.StartsWith("/api/", template, StringComparison.Ordinal));
    });

    private static IngestOperation Operation(string name) => IngestOperations.All[$"dev.serverlessmeta.{name}.v1"];

    private static IngestRequest Bind(string operation, string data, string? subject = null) => Operation(operation).Bind(Event(data, subject)).Request!;

    private static IngestEvent Event(string data, string? subject) => new("s", "1", "t", subject, JsonElement.Parse(data), null);

    private static string Text(IngestRequest request) => Encoding.UTF8.GetString(request.Body);
}
