namespace ServerlessMeta.ModelCards;

/// <summary>Data that the run read.</summary>
internal sealed record DossierDataset(string Name, string? Version, string? Md5, string? Sha256, string? OtherDigest, string? Context, string? Source)
{
    public string Record => Version is null ? $"dataset:{Name}" : $"artifact:{Name}/versions/{Version}";

    public string Digest => Sha256 is not null ? $"sha256:{Sha256}" : Md5 is not null ? $"md5:{Md5}" : OtherDigest ?? "";
}
