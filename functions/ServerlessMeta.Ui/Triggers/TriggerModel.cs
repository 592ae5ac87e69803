using System.Collections.Immutable;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>A trigger with all that it led to.</summary>
/// <param name="CanApprove">It waits for approval.</param>
/// <param name="CanRedeliver">Something of it may be sent again.</param>
/// <param name="Causes">Each condition as it was, in words.</param>
public sealed record TriggerModel(Trigger Trigger, TriggerLine Line, string TargetAddress, string RuleAddress, bool CanApprove, bool CanRedeliver, ImmutableArray<CauseLine> Causes, ImmutableArray<TriggerDeliveryView> Deliveries);
