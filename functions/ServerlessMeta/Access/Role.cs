namespace ServerlessMeta.Access;

/// <summary>What a caller may do; each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Reads and searches.</summary>
    Reader,

    /// <summary>Logs runs, stores files, registers models, moves what no policy guards.</summary>
    Writer,

    /// <summary>Approves and rejects model versions.</summary>
    Approver,

    /// <summary>Sets policies, webhooks and tokens, and overrides a gate with a reason.</summary>
    Admin,
}
