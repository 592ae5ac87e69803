namespace ServerlessMeta.Models;

/// <summary>On which terms a caller wants an alias or a stage moved.</summary>
public sealed record MoveTerms
{
    /// <summary>As it comes: the last of several callers wins.</summary>
    public static readonly MoveTerms None = new();

    /// <summary>The version that the caller believes to hold the alias, 0 for none; when another does, nothing moves and the caller is told. Null: whichever.</summary>
    public int? Holder { get; init; }

    /// <summary>The model that the caller means, in the state that he saw; when it is another, nothing moves and the caller is told. Null: whichever.</summary>
    public ExpectedModel? Model { get; init; }

    /// <summary>Why it is to move whatever a policy says: what administrators may want in an emergency. Null: as the policy says.</summary>
    public string? Override { get; init; }
}
