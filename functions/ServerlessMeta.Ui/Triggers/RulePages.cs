using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>Rules, and one of them with what it remembers and what it would have done.</summary>
internal static class RulePages
{
    private const int PageSize = 100;
    private const int Fired = 20;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/rules", ListAsync);
        pages.MapGet("/rules/{id}", FindAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, RuleStore rules, CancellationToken ct, string? page = null)
    {
        var found = await rules.ListAsync(null, PageSize, page, ct);
        return found.IsOk
            ? Page.Show<RuleListPage>(new RulesModel([.. found.Value.Items.OrderByDescending(static rule => rule.UpdatedAt).Select(static rule => RuleLine.Of(rule, null))], found.Value.Next, FirstRule(request)))
            : Page.Fault(found.Failure);
    }

    private static async Task<IResult> FindAsync(string id, RuleStore rules, TriggerStore triggers, DryRun dry, CancellationToken ct, string? from = null, string? dryRun = null)
    {
        if (await rules.FindAsync(id, ct) is not { } rule)
        {
            return Page.Fault(new Failure.NotFound(RuleStore.Kind, id.Length <= 100 ? id : id[..100] + "..."));
        }
        var fired = triggers.ListAsync(new TriggerFilter(Rule: id), Fired, null, ct);
        var state = await rules.FindStateAsync(id, ct);
        DateTimeOffset? since = DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) && given.Year is >= 1970 and < 3000 ? given : null;
        var isTried = dryRun is not null;
        var tried = isTried ? await dry.RunAsync(id, rule.Definition, since, ct) : default(Result<DryRunView>?);
        var shown = await fired;
        return Page.Show<RuleDetailPage>(new RuleModel(
            RuleLine.Of(rule, state), string.Create(CultureInfo.InvariantCulture, $"\"{rule.Revision}\""), rule.Revision, [.. RuleSentence.Limits(rule.Definition)],
            JsonNode.Parse(RuleText.Write(rule.Definition))!.ToJsonString(Readable), state is null ? null : RuleStateView.From(state), isTried ? from : null,
            tried is { IsOk: true } ok ? ok.Value : null, tried is { IsOk: false } no ? no.Failure.Detail : null,
            tried is { IsOk: true } done ? [.. done.Value.Fires.Select(static fire => string.Join("; ", fire.Cause.Where(static cause => cause.Hit).Select(ChainMaker.Sentence)))] : [],
            [.. shown.IsOk ? shown.Value.Items.Select(TriggerLine.Of) : []]));
    }

    private static IReadOnlyList<Snippet> FirstRule(HttpRequest request) =>
    [
        new("curl",
            $$"""
            curl -s -X PUT {{request.Scheme}}://{{request.Host}}/api/v1/rules/retrain-churn \
              -H "Content-Type: application/json" \
              -d '{"target": {"model": "churn"},
                   "when": {"any": [{"signal": "performance"}, {"all": [{"signal": "predictionDrift"}, {"signal": "dataDrift"}]}]},
                   "aggregate": {"m": 2, "n": 3, "cooldown": "P1D"},
                   "mode": "suggest"}'
            """),
    ];
}
