namespace ServerlessMeta.Triggers;

/// <summary>How far the answer to a trigger has come.</summary>
public enum TriggerStatus
{
    /// <summary>It waits for somebody to approve it.</summary>
    Suggested,

    /// <summary>It was sent, or is being sent.</summary>
    Requested,

    /// <summary>Retraining has begun.</summary>
    Started,

    /// <summary>Retraining ended well.</summary>
    Completed,

    /// <summary>Retraining failed.</summary>
    Failed,
}
