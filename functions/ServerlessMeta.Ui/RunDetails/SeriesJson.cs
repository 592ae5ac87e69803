using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Metrics;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>
/// Points for charts: <c>{"series":[{"key","count","points":[[step,timestamp,value],..]}]}</c>; a value that is not finite is null. Of many points as many as asked for: evenly spaced, and the first, the last,
/// the least and the greatest.
/// </summary>
internal static class SeriesJson
{
    public static IResult Answer(ImmutableArray<MetricSeries> series, int max)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("series"u8);
            foreach (var one in series)
            {
                Write(json, one, max);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return TypedResults.Bytes(buffer.WrittenMemory, "application/json");
    }

    private static void Write(Utf8JsonWriter json, MetricSeries series, int max)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, series.Key);
        json.WriteNumber("count"u8, series.Points.Length);
        json.WriteStartArray("points"u8);
        foreach (var point in MetricSample.Take(series.Points, long.MinValue, long.MaxValue, max))
        {
            json.WriteStartArray();
            json.WriteNumberValue(point.Step);
            json.WriteNumberValue(point.Timestamp);
            if (double.IsFinite(point.Value))
            {
                json.WriteNumberValue(point.Value);
            }
            else
            {
                json.WriteNullValue();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
