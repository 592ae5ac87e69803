namespace ServerlessMeta.RunWatch;

/// <summary>A series that has been no better than its best by <c>minDelta</c> for <c>patience</c> points (less is better): Keras' EarlyStopping. A value that is not finite is no better.</summary>
/// <param name="Best">The best value, or +infinity before the first.</param>
/// <param name="Wait">For how many points it has been no better.</param>
internal record struct PlateauDetector(float Best, int Wait)
{
    public static PlateauDetector New => new(float.PositiveInfinity, 0);

    public bool Take(double value, int patience, double minDelta)
    {
        if (double.IsFinite(value) && (float.IsPositiveInfinity(Best) || value + minDelta < Best))
        {
            (Best, Wait) = (SeriesWindow.Single(value), 0);
            return false;
        }
        Wait++;
        return Wait >= patience;
    }
}
