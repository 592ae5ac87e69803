namespace ServerlessMeta.Access;

/// <summary>
/// Table <c>tokens</c>, one partition:
/// <code>
/// t|{token}   an API token, the newest first: its SHA-256, name and role, who made and who revoked it, the end of its audit chain
/// </code>
/// </summary>
internal static class TokenKeys
{
    public const string Partition = "t";

    /// <summary>The letters of audited rows.</summary>
    public const string RecordLetters = "t";

    public static (string From, string Below) Tokens => ("t|", "t}");

    public static string Token(string id) => $"t|{id}";

    public static string IdOf(string rowKey) => rowKey[2..];
}
