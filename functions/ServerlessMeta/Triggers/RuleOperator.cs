namespace ServerlessMeta.Triggers;

/// <summary>How a value is held against a threshold.</summary>
public enum RuleOperator
{
    AtLeast,
    Above,
    AtMost,
    Below,
}
