using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>Counts the runs of a group and sums their metrics, without keeping them.</summary>
internal sealed class GroupSum(int columns)
{
    private readonly (int Count, double Mean, double Squares)[] sums = new (int, double, double)[columns];

    public int Runs { get; private set; }

    public void Add(RunHit run, int firstColumn)
    {
        Runs++;
        for (var i = 0; i < sums.Length; i++)
        {
            if (run.TryNumber(firstColumn + i, out var value) && double.IsFinite(value))
            {
                var (count, mean, squares) = sums[i];
                var next = mean + ((value - mean) / (count + 1));
                sums[i] = (count + 1, next, squares + ((value - mean) * (value - next)));
            }
        }
    }

    public ImmutableArray<GroupFigure> Figures => [.. sums.Select(static sum => GroupFigure.Of(sum.Count, sum.Mean, sum.Squares))];
}
