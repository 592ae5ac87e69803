namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A package of an environment.</summary>
/// <param name="Name">As its source writes it.</param>
/// <param name="Ecosystem">Whose package it is.</param>
/// <param name="Version">The version, or what is asked of it.</param>
/// <param name="IsPinned">Whether only that version will do.</param>
/// <param name="Source">The file that names it.</param>
public sealed record PackageLine(string Name, string Ecosystem, string Version, bool IsPinned, string Source);
