namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Turns scores into probabilities that hold for the baseline, if they did not already.</summary>
internal sealed class Calibration
{
    private const int Folds = 10;

    private const int Seed = 42;

    private readonly Isotonic? map;

    private Calibration(Isotonic? map) => this.map = map;

    /// <summary>Whether scores are changed.</summary>
    public bool IsMapped => map is not null;

    /// <summary>
    /// Fits a map, and keeps it only if the calibration error of rows it was not made from gets less in each of ten folds: else the scores are better as they are.
    /// </summary>
    /// <param name="known">Labelled scores of the baseline, from 0 to 1, in any order.</param>
    public static Calibration Fit(IEnumerable<(double Score, bool IsPositive)> known)
    {
        (double Score, bool IsPositive)[] sorted = [.. known];
        // Rows with the same score and class are alike, so that the order of the input changes nothing.
        Array.Sort(sorted);
        if (sorted.Length < Folds || sorted.All(static one => one.IsPositive) || !sorted.Any(static one => one.IsPositive))
        {
            return new(null);
        }
        var folds = FoldsOf(sorted);
        for (var fold = 0; fold < Folds; fold++)
        {
            var others = Isotonic.Fit(sorted.Where((_, i) => folds[i] != fold));
            var (before, after) = (new CalibrationBins(), new CalibrationBins());
            for (var i = 0; i < sorted.Length; i++)
            {
                if (folds[i] == fold)
                {
                    before.Add(sorted[i].Score, sorted[i].IsPositive);
                    after.Add(others.Map(sorted[i].Score), sorted[i].IsPositive);
                }
            }
            if (!(after.Error() < before.Error()))
            {
                return new(null);
            }
        }
        return new(Isotonic.Fit(sorted));
    }

    public double Map(double score) => map?.Map(score) ?? score;

    /// <summary>
    /// Each class is dealt out to all folds alike, by a seeded shuffle: the same rows always make the same folds. Dealt along the scores, each fold would share the others' chance deviations,
    /// and the map would seem to help always.
    /// </summary>
    private static int[] FoldsOf((double Score, bool IsPositive)[] sorted)
    {
        var folds = new int[sorted.Length];
        var random = new Random(Seed);
        foreach (var isPositive in (ReadOnlySpan<bool>)[true, false])
        {
            int[] places = [.. Enumerable.Range(0, sorted.Length).Where(i => sorted[i].IsPositive == isPositive)];
            random.Shuffle(places);
            for (var i = 0; i < places.Length; i++)
            {
                folds[places[i]] = i % Folds;
            }
        }
        return folds;
    }
}
