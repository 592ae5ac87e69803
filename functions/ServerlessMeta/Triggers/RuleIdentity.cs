namespace ServerlessMeta.Triggers;

/// <summary>What decisions are named by.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Target">What is watched: a model's number, or the monitor or experiment.</param>
/// <param name="Version">The version that is watched now; 0 without a model.</param>
internal sealed record RuleIdentity(string Rule, int Revision, string Target, int Version)
{
    public PendingFire Decide(DateTimeOffset edge, int sequence, bool isTimed) => new(DecisionId.Of(Rule, Revision, Target, Version, edge, sequence), edge, isTimed);
}
