namespace ServerlessMeta.Access;

/// <summary>Who the caller is to the store; <c>source</c> says how that was known: token:{id}, admin-token, principal or local.</summary>
public sealed record CallerView(string Name, string Role, string Source);
