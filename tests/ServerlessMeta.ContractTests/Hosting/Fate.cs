namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>What becomes of a write on its way to storage.</summary>
public enum Fate
{
    Passes,

    /// <summary>The writer is killed, and storage never sees it.</summary>
    KillsBefore,

    /// <summary>The writer is killed when it took effect, and never hears of it.</summary>
    KillsAfter,
}
