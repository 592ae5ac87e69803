using System.Collections.Immutable;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>A trigger in a list.</summary>
/// <param name="Target">What it was fired for.</param>
/// <param name="Chain">From the cause to the verdict.</param>
/// <param name="Status">In a word.</param>
/// <param name="Kind">Of its badge.</param>
public sealed record TriggerLine(string Id, string Address, string Rule, string Target, DateTimeOffset FiredAt, string Status, string Kind, bool IsUndelivered, ImmutableArray<ChainStep> Chain)
{
    internal static TriggerLine Of(Trigger trigger)
    {
        var (status, kind) = TriggerWords.Of(trigger);
        return new TriggerLine(trigger.Id, TriggerWords.AddressOf(trigger), trigger.Rule, TriggerWords.TargetOf(trigger), trigger.FiredAt, status, kind, trigger.IsUndelivered, ChainMaker.Of(trigger, null));
    }
}
