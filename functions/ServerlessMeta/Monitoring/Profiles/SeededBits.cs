namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Random numbers that a seed decides (SplitMix64, Steele, Lea and Flood 2014), so that what is drawn repeats on any machine.</summary>
internal sealed class SeededBits(ulong seed)
{
    /// <summary>Where the sequence stands; a new one with this seed goes on from here.</summary>
    public ulong State { get; private set; } = seed;

    public ulong Next()
    {
        State += 0x9E3779B97F4A7C15UL;
        var word = State;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9UL;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EBUL;
        return word ^ (word >> 31);
    }

    /// <summary>A number from 0 to one less than <paramref name="below"/>, each as likely as the others but for 2^-64.</summary>
    public ulong Below(ulong below) => Math.BigMul(Next(), below, out _);
}
