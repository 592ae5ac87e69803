namespace ServerlessMeta.Models;

/// <summary>Whom a caller believes to hold an alias; when another does, the caller is told and nothing moves.</summary>
/// <param name="Version">The version; null: nobody.</param>
public readonly record struct ExpectedHolder(int? Version);
