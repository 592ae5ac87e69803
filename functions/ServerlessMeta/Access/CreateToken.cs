namespace ServerlessMeta.Access;

/// <summary>The body that makes a token, for the description of the API: <c>role</c> is reader, writer, approver or admin; <c>expiresAt</c> is later than now, never when it is left out.</summary>
public sealed record CreateToken(string Name, string Role, string? Label = null, DateTimeOffset? ExpiresAt = null);
