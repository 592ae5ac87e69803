using System.Collections.Immutable;
using System.Globalization;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Takes the predictions out of rows: each has an id of its own. The same prediction twice is one; a different one with the same id is a fault.</summary>
internal sealed class PredictionCollector(RowIngestOptions options, RowFaults faults)
{
    public const int LongestId = 200;

    /// <summary>A number that is a time counts milliseconds; a smaller one than this would be seconds.</summary>
    private const long LeastMilliseconds = 100_000_000_000;

    private const double LargestMilliseconds = 32_503_680_000_000;

    private readonly PredictionSchema schema = options.Schema;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly ImmutableArray<JoinedPrediction>.Builder predictions = ImmutableArray.CreateBuilder<JoinedPrediction>();

    /// <summary>Takes a row's; false when the row is one that was there before.</summary>
    public bool Take(long row, int at, RowColumn? id, RowColumn? time, RowColumn? prediction, RowColumn? score, RowColumn? label)
    {
        if (id?.Texts[at] is not { } key)
        {
            faults.Row(row, schema.Id!, "Every row needs an id.");
            return true;
        }
        if (key.Length > LongestId || key.Any(char.IsControl))
        {
            faults.Row(row, schema.Id!, $"An id has up to {LongestId} characters and no control characters.");
            return true;
        }
        if (Time(row, time?.Texts[at]) is not { } instant)
        {
            return true;
        }
        if (score?.Texts[at] is not null)
        {
            faults.Row(row, score.Name, "A score is a number.");
            return true;
        }
        var truth = label?.Category(at);
        var found = new JoinedPrediction(
            key, instant, prediction?.Category(at), score is not null && double.IsFinite(score.Numbers[at]) ? score.Numbers[at] : null, truth, truth is null ? null : instant);
        if (places.TryGetValue(key, out var place))
        {
            if (predictions[place] != found)
            {
                faults.Row(row, schema.Id!, $"'{key}' stands in an earlier row with another time, prediction, score or label.");
            }
            return false;
        }
        if (predictions.Count == RowIngestOptions.MostPredictions)
        {
            faults.Row(row, $"A body has up to {RowIngestOptions.MostPredictions:#,0} predictions.");
            return true;
        }
        places.Add(key, predictions.Count);
        predictions.Add(found);
        return true;
    }

    public ImmutableArray<JoinedPrediction> Build() => predictions.DrainToImmutable();

    private DateTimeOffset? Time(long row, string? text)
    {
        if (text is null)
        {
            if (schema.Time is null && options.DefaultTime is { } usual)
            {
                return usual;
            }
            faults.Row(row, schema.Time ?? "time", schema.Time is null ? "The schema names no column of times." : "Every prediction needs a time.");
            return null;
        }
        if (Parse(text) is { } instant)
        {
            return instant;
        }
        faults.Row(row, schema.Time!, $"'{(text.Length <= 40 ? text : text[..40] + "...")}' is no time: an instant as in 2026-01-31T12:00:00Z is expected (UTC where no offset is given), or milliseconds since 1970.");
        return null;
    }

    /// <summary>In whole milliseconds; null when it is no time.</summary>
    private static DateTimeOffset? Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number is >= LeastMilliseconds and < LargestMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)number) : null;
        }
        return text.Length is >= 10 and <= 40 && char.IsAsciiDigit(text[0]) && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) && instant.Year is >= 1970 and < 3000
                ? DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds())
                : null;
    }
}
