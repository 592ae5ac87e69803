using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Home;

/// <param name="Trigger">The trigger.</param>
/// <param name="Of">What it is about: a model's version, a monitor or an experiment.</param>
/// <param name="Why">The cause, in a few words.</param>
public sealed record HomeTrigger(Trigger Trigger, string Of, string Why);
