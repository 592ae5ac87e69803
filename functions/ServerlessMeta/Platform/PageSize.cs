using System.Globalization;

namespace ServerlessMeta.Platform;

/// <summary>How many items a page of a native list has: <c>pageSize</c> in the query.</summary>
internal static class PageSize
{
    private const int Usual = 100;
    private const int Highest = 1000;

    public static int Read(string? text, List<Failure.Invalid> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Usual;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= Highest)
        {
            return size;
        }
        faults.Add(new Failure.Invalid("pageSize", $"A whole number from 1 to {Highest} is expected."));
        return Usual;
    }
}
