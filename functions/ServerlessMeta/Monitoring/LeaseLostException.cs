namespace ServerlessMeta.Monitoring;

/// <summary>Somebody else computes the target by now.</summary>
internal sealed class LeaseLostException(string target) : Exception($"The lease of '{target}' was lost.");
