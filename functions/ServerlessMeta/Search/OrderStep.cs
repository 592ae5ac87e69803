using ServerlessMeta.Environments;

namespace ServerlessMeta.Search;

/// <summary>Compares two records by one field: NaN after the numbers, a package without a version after those with one, and missing last, whatever the direction.</summary>
internal readonly record struct OrderStep(int Field, FieldType Type, bool Descending)
{
    private const int IsNumber = 0;
    private const int IsNaN = 1;
    private const int IsMissing = 2;

    public int Compare<T>(ref readonly T x, ref readonly T y) where T : IFieldSource =>
        Type switch
        {
            FieldType.Number => CompareNumbers(in x, in y),
            FieldType.Version => CompareVersions(x.Version(Field), y.Version(Field)),
            _ => CompareTexts(x.Text(Field), y.Text(Field)),
        };

    /// <summary>A number that sorts records as <see cref="Compare{T}"/> does wherever two numbers differ.</summary>
    public double Key<T>(ref readonly T record) where T : IFieldSource =>
        Type is not FieldType.Number ? 0 : !record.TryNumber(Field, out var value) || double.IsNaN(value) ? double.PositiveInfinity : Descending ? -value : value;

    private int CompareNumbers<T>(ref readonly T x, ref readonly T y) where T : IFieldSource
    {
        var (rankX, rankY) = (Rank(in x, out var a), Rank(in y, out var b));
        if (rankX != rankY) return rankX - rankY;
        if (rankX != IsNumber || a == b) return 0;
        return a < b == Descending ? 1 : -1;
    }

    private int Rank<T>(ref readonly T record, out double value) where T : IFieldSource =>
        !record.TryNumber(Field, out value) ? IsMissing : double.IsNaN(value) ? IsNaN : IsNumber;

    private int CompareVersions(PackageVersion? x, PackageVersion? y)
    {
        var (rankX, rankY) = (Rank(x), Rank(y));
        if (rankX != rankY || rankX != IsNumber) return rankX - rankY;
        var order = x!.ComparedTo(y!);
        return Descending ? -order : order;
    }

    private static int Rank(PackageVersion? version) => version is null ? IsMissing : version.IsKnown ? IsNumber : IsNaN;

    private int CompareTexts(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 1 : 0) - (y is null ? 1 : 0);
        var order = Math.Sign(string.CompareOrdinal(x, y));
        return Descending ? -order : order;
    }
}
