using Azure;

namespace ServerlessMeta.Monitoring;

/// <summary>Something to compute, as it was when it was read: it is taken away only if nothing was added since.</summary>
internal readonly record struct ChangeMark(string RowKey, ETag Tag);
