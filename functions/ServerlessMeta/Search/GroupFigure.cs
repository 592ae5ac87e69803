namespace ServerlessMeta.Search;

/// <summary>A metric over the runs of a group: those that have a finite number.</summary>
/// <param name="Runs">How many these are.</param>
/// <param name="Mean">NaN when there is none.</param>
/// <param name="Deviation">The standard deviation of a sample; NaN below two.</param>
public readonly record struct GroupFigure(int Runs, double Mean, double Deviation)
{
    /// <summary>Of numbers that need not be kept (Welford).</summary>
    internal static GroupFigure Of(int runs, double mean, double squares) =>
        new(runs, runs == 0 ? double.NaN : mean, runs < 2 ? double.NaN : Math.Sqrt(squares / (runs - 1)));
}
