namespace ServerlessMeta.RunWatch;

/// <summary>
/// A series whose smoothed value (EMA 0.3; less is better) is more than 20 % above its best for 5 points, from the 11th on. It must be above it by four times the noise too, so that a noisy
/// series, whose best was luck, does not count.
/// </summary>
/// <param name="Best">The best smoothed value; meaningless before the first.</param>
/// <param name="Run">For how many points it has been above, up to 5.</param>
internal record struct DivergenceDetector(float Best, byte Run)
{
    public const int Steps = 5;
    public const int Warmup = 10;
    public const double Smoothing = 0.3;
    public const double Noise = 4;
    private const double Share = 0.2;

    /// <param name="before">How many finite values came before.</param>
    /// <param name="smoothed">The smoothed value.</param>
    /// <param name="window">What is known of the noise.</param>
    /// <returns>Whether it has been so for long enough.</returns>
    public bool Take(int before, float smoothed, SeriesWindow window)
    {
        var isAbove = before >= Warmup && smoothed > Best + (Share * Math.Abs(Best)) && (double)smoothed - Best > Noise * window.Noise();
        Run = isAbove ? (byte)Math.Min(Run + 1, Steps) : (byte)0;
        Best = before == 0 || smoothed < Best ? smoothed : Best;
        return Run == Steps;
    }

    /// <summary>Whether a series that diverged has come half the way back.</summary>
    public readonly bool IsOver(double smoothed) => smoothed <= Best + (Share / 2 * Math.Abs(Best));
}
