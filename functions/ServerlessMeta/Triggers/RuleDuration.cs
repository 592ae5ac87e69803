using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Triggers;

/// <summary>Durations in rules: <c>P1DT2H30M</c> of ISO 8601 (weeks, days, hours, minutes, whole seconds) or <c>1.02:30:00</c>.</summary>
internal static partial class RuleDuration
{
    public const string Problem = "A duration is expected as PT6H, P1D or 1.06:00:00, up to ten years.";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length > 40)
        {
            return false;
        }
        if (Iso.Match(text) is { Success: true } iso)
        {
            var seconds = (Part(iso, "w") * 604_800) + (Part(iso, "d") * 86_400) + (Part(iso, "h") * 3600) + (Part(iso, "m") * 60) + Part(iso, "s");
            if (seconds > Longest.TotalSeconds)
            {
                return false;
            }
            duration = TimeSpan.FromSeconds((long)seconds);
            return true;
        }
        return Clock.IsMatch(text) && TimeSpan.TryParseExact(text, ["c", @"d\.h\:mm\:ss", @"h\:mm\:ss"], CultureInfo.InvariantCulture, out duration) && duration <= Longest && duration.Ticks % TimeSpan.TicksPerSecond == 0;
    }

    /// <summary>The one form in which rules are kept: ISO 8601 without weeks.</summary>
    public static string Write(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "PT0S";
        }
        var text = new StringBuilder("P");
        Add(duration.Days, 'D');
        if (duration.Hours + duration.Minutes + duration.Seconds > 0)
        {
            text.Append('T');
            Add(duration.Hours, 'H');
            Add(duration.Minutes, 'M');
            Add(duration.Seconds, 'S');
        }
        return text.ToString();

        void Add(int count, char unit)
        {
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }
    }

    // Up to nine digits each: no sum overflows a double's whole numbers.
    private static double Part(Match match, string name) => match.Groups[name] is { Success: true } group ? long.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^P(?!\z)(?:(?<w>\d{1,9})W)?(?:(?<d>\d{1,9})D)?(?:T(?!\z)(?:(?<h>\d{1,9})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9})S)?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Iso { get; }

    [GeneratedRegex(@"^(?:\d{1,5}\.)?\d{1,2}:\d{2}:\d{2}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Clock { get; }
}
