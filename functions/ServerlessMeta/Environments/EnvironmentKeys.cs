namespace ServerlessMeta.Environments;

/// <summary>
/// Table <c>environments</c>, one partition, so that all distinct environments are read a thousand an operation:
/// <code>
/// e|{SHA-256 of its content}   the packages of an environment
/// </code>
/// </summary>
internal static class EnvironmentKeys
{
    public const string Partition = "e";

    public static string Environment(string digest) => $"e|{digest}";

    public static string DigestOf(string rowKey) => rowKey[2..];
}
