namespace ServerlessMeta.App.Messages;

/// <summary>The HTTP request that an event stands for.</summary>
/// <param name="Path">As a host gives it: unescaped, but for slashes in a name.</param>
/// <param name="Target">As a client sends it: escaped.</param>
/// <param name="Order">Requests of one order are started one after another; null: nothing comes before or after it.</param>
internal sealed record IngestRequest(string Method, string Path, string Target, byte[] Body, string? Order);
