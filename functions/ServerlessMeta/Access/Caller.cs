namespace ServerlessMeta.Access;

/// <summary>Who asks: what the audit names, and what approvals are counted by.</summary>
/// <param name="Name">The name of the person or job; it tells callers apart.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="Source">How the caller was known: <c>token:{id}</c>, <c>principal</c>, <c>local</c>, <c>admin-token</c>, <c>store</c>, <c>bus:{source of the event}</c>.</param>
public sealed record Caller(string Name, Role Role, string Source)
{
    private static readonly AsyncLocal<Caller?> Ambient = new();

    /// <summary>The store itself: timers, and what follows from a change.</summary>
    public static Caller Store { get; } = new("store", Role.Admin, "store");

    /// <summary>Who asks in this flow; outside of requests the store itself.</summary>
    public static Caller Current => Ambient.Value ?? Store;

    /// <summary>Acts as this caller from here on in this flow, until the scope is disposed.</summary>
    public Scope Act()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = this;
        return scope;
    }

    public readonly record struct Scope(Caller? Before) : IDisposable
    {
        public void Dispose() => Ambient.Value = Before;
    }
}
