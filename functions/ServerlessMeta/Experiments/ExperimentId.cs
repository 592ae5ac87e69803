using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServerlessMeta.Experiments;

/// <summary>An experiment's number, written as a short decimal string ("0" is Default); at most 40 bits, for run ids carry it.</summary>
public readonly record struct ExperimentId : IParsable<ExperimentId>
{
    public const long Highest = (1L << 40) - 1;

    public static readonly ExperimentId Default;

    public ExperimentId(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Highest);
        Number = number;
    }

    public long Number { get; }

    public static ExperimentId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no experiment id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ExperimentId result)
    {
        result = default;
        if (s is not { Length: > 0 and <= 13 } || (s[0] == '0' && s.Length > 1)
            || !long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > Highest)
        {
            return false;
        }
        result = new ExperimentId(number);
        return true;
    }

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
