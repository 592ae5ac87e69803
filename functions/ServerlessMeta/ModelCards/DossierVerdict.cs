namespace ServerlessMeta.ModelCards;

/// <summary>What a person decided of a version.</summary>
internal sealed record DossierVerdict(string Id, string By, string Decision, string? For, string? Comment, DateTimeOffset At)
{
    public string Record => $"approval:{Id}";
}
