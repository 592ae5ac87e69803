using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>Writes answers in MLflow's JSON straight to the response.</summary>
internal sealed class MlflowWriter(PipeWriter output) : IAsyncDisposable
{
    private const int ItemsPerFlush = 1000;

    private readonly Utf8JsonWriter json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void WriteStartObject() => json.WriteStartObject();

    public void WriteStartObject(ReadOnlySpan<byte> name) => json.WriteStartObject(name);

    public void WriteEndObject() => json.WriteEndObject();

    public void WriteString(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public void WriteNumber(ReadOnlySpan<byte> name, long value) => json.WriteNumber(name, value);

    public void WriteBoolean(ReadOnlySpan<byte> name, bool value) => json.WriteBoolean(name, value);

    /// <summary>A metric's value: NaN as text; JSON has no infinities, so the protocol clamps them.</summary>
    public void WriteValue(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsNaN(value))
        {
            json.WriteString(name, "NaN"u8);
        }
        else
        {
            json.WriteNumber(name, Math.Clamp(value, double.MinValue, double.MaxValue));
        }
    }

    /// <summary>A list of objects; omitted when empty.</summary>
    public void WriteList<T>(ReadOnlySpan<byte> name, IReadOnlyCollection<T> items, Action<MlflowWriter, T> members)
    {
        if (items.Count == 0)
        {
            return;
        }
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(this, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A list of texts; omitted when empty.</summary>
    public void WriteTexts(ReadOnlySpan<byte> name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    /// <summary>A list of objects that come one by one, however many; omitted when there are none.</summary>
    public async Task WriteListAsync<T>(string name, IAsyncEnumerable<T> items, Action<MlflowWriter, T> members, CancellationToken ct)
    {
        var count = 0;
        await foreach (var item in items.WithCancellation(ct))
        {
            if (count == 0)
            {
                json.WriteStartArray(name);
            }
            json.WriteStartObject();
            members(this, item);
            json.WriteEndObject();
            if (++count % ItemsPerFlush == 0)
            {
                await json.FlushAsync(ct);
                await output.FlushAsync(ct);
            }
        }
        if (count > 0)
        {
            json.WriteEndArray();
        }
    }

    public ValueTask DisposeAsync() => json.DisposeAsync();
}
