using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>Triggers, and one of them with all that it led to.</summary>
internal static class TriggerPages
{
    private const int PageSize = 50;
    private const string Undelivered = "undelivered";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/triggers", ListAsync);
        pages.MapGet("/triggers/{id}", FindAsync);
    }

    private static async Task<IResult> ListAsync(TriggerStore triggers, ModelHistory models, CancellationToken ct, string? state = null, string? model = null, string? page = null)
    {
        long? number = null;
        if (!string.IsNullOrWhiteSpace(model))
        {
            var named = await models.FindEvenGoneAsync(model, ct);
            if (!named.IsOk)
            {
                return Page.Fault(named.Failure);
            }
            number = named.Value.Number;
        }
        TriggerStatus? status = Enum.TryParse<TriggerStatus>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        var found = await triggers.ListAsync(new TriggerFilter(number, null, null, status, state == Undelivered), PageSize, page, ct);
        return found.IsOk
            ? Page.Show<TriggerListPage>(new TriggersModel(status is null && state != Undelivered ? "" : state!, string.IsNullOrWhiteSpace(model) ? null : model, [.. found.Value.Items.Select(TriggerLine.Of)], found.Value.Next))
            : Page.Fault(found.Failure);
    }

    private static async Task<IResult> FindAsync(string id, TriggerStore triggers, TriggerReader reader, CancellationToken ct)
    {
        if (await triggers.FindAsync(id, ct) is not { } found)
        {
            return Page.Fault(new Failure.NotFound(TriggerStore.Kind, id.Length <= 100 ? id : id[..100] + "..."));
        }
        var view = await reader.ReadAsync(found, ct);
        var trigger = view.Trigger;
        var deliveries = view.Deliveries ?? [];
        return Page.Show<TriggerDetailPage>(new TriggerModel(
            trigger, TriggerLine.Of(trigger) with { Chain = ChainMaker.Of(trigger, view.RunInfo) }, TriggerWords.TargetAddressOf(trigger), TriggerWords.AddressOfRule(trigger.Rule), trigger.Status is TriggerStatus.Suggested,
            trigger.IsUndelivered || deliveries.Any(static one => one.Status is TriggerDeliveryStatus.Dead or TriggerDeliveryStatus.Sent && one.Error is not null) || (trigger.Status is TriggerStatus.Requested && !deliveries.IsEmpty),
            [.. trigger.Cause.Select(static cause => new CauseLine(ChainMaker.Sentence(cause), cause.Hit, cause.N, ChainMaker.Columns(cause)))], deliveries));
    }
}
