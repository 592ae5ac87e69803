namespace ServerlessMeta.Access;

/// <summary>Whom credentials show, or why they show nobody.</summary>
public readonly record struct Recognition(Caller? Caller, string? Refusal)
{
    public static Recognition Of(Caller caller) => new(caller, null);

    public static Recognition Refused(string why) => new(null, why);
}
