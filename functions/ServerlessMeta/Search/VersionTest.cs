using System.Collections.Immutable;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Search;

/// <summary>
/// Tests versions in the order of the package's ecosystem; LIKE and ILIKE test their text. A value without a local label stands for itself with any: <c>= '2.3.1'</c> holds
/// for 2.3.1+cu121. A package that is named without a version is not null, and holds in no other test.
/// </summary>
internal sealed class VersionTest(Comparators comparator, ImmutableArray<string> values)
{
    private readonly LikePattern pattern = new(values[0], ignoreCase: comparator is Comparators.ILike);
    private readonly PackageVersion[][] asked = [.. Enum.GetValues<Ecosystem>().Select(ecosystem => values.Select(value => new PackageVersion(ecosystem, value)).ToArray())];

    public bool Holds(PackageVersion version)
    {
        if (!version.IsKnown) return false;
        if (comparator is Comparators.Like or Comparators.ILike) return pattern.Matches(version.Text);

        var of = asked[(int)version.Ecosystem];
        if (comparator is Comparators.In or Comparators.NotIn) return of.Any(value => version.ComparedToAsked(value) == 0) == comparator is Comparators.In;

        var order = version.ComparedToAsked(of[0]);
        return comparator switch
        {
            Comparators.Equal => order == 0,
            Comparators.NotEqual => order != 0,
            Comparators.Less => order < 0,
            Comparators.LessOrEqual => order <= 0,
            Comparators.Greater => order > 0,
            Comparators.GreaterOrEqual => order >= 0,
            Comparators.Between => order >= 0 && version.ComparedToAsked(of[^1]) <= 0,
            _ => false,
        };
    }
}
