using System.Globalization;

namespace ServerlessMeta.Platform;

/// <summary>How many items a page of a native list has: <c>pageSize</c> in the query.</summary>
internal static class PageSize
{
    private const int Usual = 100;
    private const int Highest = 1000;

    /// <param name="highest">How many items a page of this list has at most.</param>
    public static int Read(string? text, List<Failure.Invalid> faults, int highest = Highest)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Usual;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1 && size <= highest)
        {
            return size;
        }
        faults.Add(new Failure.Invalid("pageSize", $"A whole number from 1 to {highest} is expected."));
        return Usual;
    }
}
