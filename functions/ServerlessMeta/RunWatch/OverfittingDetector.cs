namespace ServerlessMeta.RunWatch;

/// <summary>
/// A series on held-out data (less is better) whose smoothed value is more than 5 % above its best, while the smoothed value of the same in training is below what it was at that best, for 5
/// points. It must be above by four times the noise too.
/// </summary>
/// <param name="Best">The best value; +infinity before the first.</param>
/// <param name="BestStep">Its step.</param>
/// <param name="TrainingAtBest">The smoothed value in training at that step; NaN when there was none.</param>
/// <param name="Run">For how many points it has been so, up to 5.</param>
internal record struct OverfittingDetector(float Best, long BestStep, float TrainingAtBest, byte Run)
{
    public const int Steps = 5;
    private const double Share = 0.05;

    public static OverfittingDetector New => new(float.PositiveInfinity, 0, float.NaN, 0);

    /// <param name="step">The point's step.</param>
    /// <param name="value">Its value.</param>
    /// <param name="smoothed">The smoothed value.</param>
    /// <param name="training">The smoothed value in training; NaN when there is none.</param>
    /// <param name="window">What is known of the noise.</param>
    /// <returns>Whether it has been so for long enough.</returns>
    public bool Take(long step, float value, float smoothed, float training, SeriesWindow window)
    {
        if (value < Best)
        {
            (Best, BestStep, TrainingAtBest) = (value, step, training);
        }
        else if (float.IsNaN(TrainingAtBest))
        {
            TrainingAtBest = training;
        }
        var isAbove = smoothed > Best + (Share * Math.Abs(Best)) && training < TrainingAtBest && (double)smoothed - Best > DivergenceDetector.Noise * window.Noise();
        Run = isAbove ? (byte)Math.Min(Run + 1, Steps) : (byte)0;
        return Run == Steps;
    }

    /// <summary>Whether the gap has closed half the way.</summary>
    public readonly bool IsOver(double smoothed) => smoothed <= Best + (Share / 2 * Math.Abs(Best));
}
