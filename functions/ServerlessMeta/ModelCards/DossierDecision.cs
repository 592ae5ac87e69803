namespace ServerlessMeta.ModelCards;

/// <summary>A move of a guarded alias or stage to the version, or away from it.</summary>
internal sealed record DossierDecision(string Id, string Target, string? From, string? To, string By, DateTimeOffset At, string? OverrideReason)
{
    public string Record => $"decision:{Id}";
}
