namespace ServerlessMeta.Triggers;

/// <summary>What a rule does when it fires.</summary>
public enum RuleMode
{
    /// <summary>It records a trigger that somebody may approve; nothing is sent before.</summary>
    Suggest,

    /// <summary>It records a trigger and sends it.</summary>
    Auto,

    /// <summary>It is not evaluated.</summary>
    Off,
}
