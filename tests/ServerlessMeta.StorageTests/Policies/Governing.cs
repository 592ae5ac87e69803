using System.Text.Json;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.StorageTests.Models;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Policies;

internal static class Governing
{
    public const string Model = "guarded";

    public static readonly GateTarget Production = GateTarget.Parse("alias:production")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<T> AsAsync<T>(string name, Role role, Func<Task<T>> call)
    {
        using var scope = new Caller(name, role, "local").Act();
        return await call();
    }

    /// <summary>The model "guarded", its versions registered by "author".</summary>
    public static Task<RegisteredModel> RegisterByAuthorAsync(this Instance store, int versions) => AsAsync("author", Role.Writer, () => store.RegisterAsync(Model, versions));

    public static async Task<ModelPolicy> SetPolicyAsync(this Instance store, string json, string name = Model)
    {
        using var document = JsonDocument.Parse(json);
        var (content, faults) = PolicyBody.Read(document.RootElement);
        Assert.Empty(faults);
        return Value(await AsAsync("boss", Role.Admin, () => store.Policies.PutAsync(name, content!, null, Ct)));
    }

    public static Task<Result<(Approval Approval, bool IsNew)>> SayAsync(this Instance store, string who, int version, ApprovalDecision decision = ApprovalDecision.Approve, GateTarget? target = null, string? comment = null) =>
        AsAsync(who, Role.Approver, () => store.Approvals.DecideAsync(Model, version, new NewApproval(decision, comment, target), Ct));

    public static Task<Result<RegisteredModel>> PromoteAsync(this Instance store, int version, string who = "mover", Role role = Role.Writer, string? reason = null) =>
        AsAsync(who, role, () => store.Aliases.SetAsync(Model, "production", version, new MoveTerms { Override = reason }, Ct));

    public static async Task<Evaluation> EvaluateAsync(this Instance store, int version, double accuracy, string digest = "1a", string dataset = "holdout") =>
        Value(await store.Evaluations.RecordAsync(Model, version, Content(accuracy, digest, dataset), null, Ct)).Evaluation;

    public static EvaluationContent Content(double accuracy, string digest = "1a", string dataset = "holdout") =>
        new() { Dataset = dataset, Digest = digest, Metrics = [new EvaluationMetric("accuracy", accuracy, 100, accuracy - 0.05, accuracy + 0.05)] };

    public static async Task<IReadOnlyList<Decision>> DecisionsAsync(this Instance store) => [.. Value(await store.Decisions.ListAsync(await store.ModelAsync(Model), new DecisionFilter(), 100, null, Ct)).Items];

    /// <summary>A file of a version whose source is <c>store:/{folder}</c>.</summary>
    public static async Task PutFileAsync(this Instance store, string path, string bytes) =>
        Value(await store.Artifacts.PutAsync(ArtifactPath.Parse(path).Value, BinaryData.FromString(bytes).ToStream(), new DeclaredContent(Size: bytes.Length), Ct));

    public static IReadOnlyList<string> UnmetOf<T>(Result<T> result) => Assert.IsType<Failure.Unmet>(result.Failure).Conditions;
}
