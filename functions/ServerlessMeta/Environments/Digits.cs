namespace ServerlessMeta.Environments;

/// <summary>Whole numbers of any length, as digits.</summary>
internal static class Digits
{
    /// <summary>Without leading zeros, so that equal numbers are equal texts.</summary>
    public static string Trim(string digits) => digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";

    /// <summary>Compares trimmed numbers.</summary>
    public static int Compare(string x, string y) => x.Length != y.Length ? x.Length.CompareTo(y.Length) : Math.Sign(string.CompareOrdinal(x, y));

    public static bool Are(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
