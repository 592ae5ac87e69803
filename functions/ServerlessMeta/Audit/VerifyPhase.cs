namespace ServerlessMeta.Audit;

/// <summary>What of a partition is being verified.</summary>
internal enum VerifyPhase
{
    /// <summary>Its objects: rows against chains. Entries are summed.</summary>
    Objects,

    /// <summary>Its entries by time, against the sum of those of the chains.</summary>
    ByTime,

    /// <summary>The sums differ: each entry by time against the chain's.</summary>
    ByTimeOneByOne,

    /// <summary>And each of a chain against that by time.</summary>
    EntriesOneByOne,
}
