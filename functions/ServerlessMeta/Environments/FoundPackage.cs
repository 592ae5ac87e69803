namespace ServerlessMeta.Environments;

/// <summary>A package that an environment names.</summary>
/// <param name="Ecosystem">Whose package it is.</param>
/// <param name="Name">As the source writes it.</param>
/// <param name="Version">Null when the source leaves it open.</param>
/// <param name="Requirement">What the source says of the version, such as <c>&gt;=2,&lt;3</c>; null for nothing.</param>
/// <param name="Pinned">Whether the source admits only this version.</param>
/// <param name="Source">The file that names it; <c>packages</c> for the description itself.</param>
public sealed record FoundPackage(Ecosystem Ecosystem, string Name, string? Version, string? Requirement, bool Pinned, string Source)
{
    /// <summary>On which systems a lock means it, as pip writes that; null for any.</summary>
    internal string? Marker { get; init; }

    internal string Key => PackageName.KeyOf(Ecosystem, Name);
}
