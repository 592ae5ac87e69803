namespace ServerlessMeta.Policies;

public enum ConditionState
{
    Met,
    Unmet,

    /// <summary>Nothing recorded tells; a gate takes it as unmet.</summary>
    Unknown,
}
