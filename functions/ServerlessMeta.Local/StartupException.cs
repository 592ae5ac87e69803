namespace ServerlessMeta.Local;

/// <summary>Local cannot start; the message is the one sentence that the user sees.</summary>
public sealed class StartupException(string message) : Exception(message);
