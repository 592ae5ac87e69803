namespace ServerlessMeta.Audit;

/// <summary>What verification finds; in answers as words with dashes, as <c>row-changed</c>.</summary>
public enum AuditFault
{
    /// <summary>A row of the object is not as its last entry left it.</summary>
    RowChanged,

    /// <summary>A row of the object is gone, and no entry removed it.</summary>
    RowRemoved,

    /// <summary>A row that no entry made.</summary>
    RowInserted,

    /// <summary>An entry is not what the one after it, or the head of the chain, names.</summary>
    EntryChanged,

    /// <summary>Entries are gone from within a chain.</summary>
    EntryRemoved,

    /// <summary>An entry that the chain does not name.</summary>
    EntryInserted,

    /// <summary>The newest entries of a chain are gone.</summary>
    TailCut,

    /// <summary>The head of a chain was changed.</summary>
    HeadChanged,

    /// <summary>The object's own row is gone while its entries say that it is there.</summary>
    ObjectRemoved,

    /// <summary>An entry is not among the entries by time.</summary>
    ByTimeRemoved,

    /// <summary>An entry by time is not what the object's chain has.</summary>
    ByTimeChanged,

    /// <summary>An entry by time that no chain has.</summary>
    ByTimeInserted,

    /// <summary>The chain is shorter than it was when it was sealed.</summary>
    ShorterThanSealed,

    /// <summary>An entry has another hash than when it was sealed: the chain was written anew since.</summary>
    Rewritten,

    /// <summary>A line of the checkpoints was changed, or its signature is not good.</summary>
    CheckpointChanged,

    /// <summary>Lines of the checkpoints are gone.</summary>
    CheckpointRemoved,

    /// <summary>A checkpoint has no signature although a key is trusted, or one by a key that is not.</summary>
    CheckpointUntrusted,

    /// <summary>Keys are trusted, but an export has no checkpoints at all.</summary>
    NotSealed,

    /// <summary>Metric points of a run that had ended are not those it ended with.</summary>
    DataChanged,
}
