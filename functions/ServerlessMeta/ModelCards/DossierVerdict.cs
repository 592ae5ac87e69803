namespace ServerlessMeta.ModelCards;

/// <summary>What a person decided of a version.</summary>
internal sealed record DossierVerdict(string Id, string By, string Decision, string? For, string? Comment, DateTimeOffset At, string? Role = null, string? Content = null)
{
    /// <summary>Whether it is of that content; only an approval counts no longer when it is not.</summary>
    public bool IsOf(string? content) => Content is null || content is null || Content == content || Decision != "approve";

    public string Record => $"approval:{Id}";
}
