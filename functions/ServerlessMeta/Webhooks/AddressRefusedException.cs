namespace ServerlessMeta.Webhooks;

/// <summary>A host resolved to an address that must not be called.</summary>
internal sealed class AddressRefusedException(string host) : IOException($"'{host}' resolves to an address that is not public.");
