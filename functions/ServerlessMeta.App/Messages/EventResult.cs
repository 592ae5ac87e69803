namespace ServerlessMeta.App.Messages;

/// <summary>What became of an event.</summary>
internal enum EventResult
{
    /// <summary>It was applied.</summary>
    Applied,

    /// <summary>It was applied before; nothing changed.</summary>
    Known,

    /// <summary>It can never be applied as it is.</summary>
    Refused,

    /// <summary>It was not applied now; sent again, it may be.</summary>
    Later,
}
