namespace ServerlessMeta.Benchmarks;

/// <summary>The command line asks for what there is not; the message is what the user sees.</summary>
internal sealed class UsageException(string message) : Exception(message);
