namespace ServerlessMeta.Access;

/// <summary>A token to make.</summary>
/// <param name="Name">Who calls by it, see <see cref="CallerName"/>.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record NewToken(string Name, Role Role, string? Label = null, DateTimeOffset? ExpiresAt = null);
