using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>
/// Who a request acts for, as a feature of its context: the store made the request itself, of a message or an event whose sender is known already. Only code in this process can set it; nothing that
/// comes over the wire becomes a feature.
/// </summary>
internal sealed record ActingCaller(Caller Caller);
