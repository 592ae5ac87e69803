using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Live;

/// <summary>Sends changes as they come, for some minutes: no host lets an answer last longer, and whoever listens connects again by itself, with the cursor that it has.</summary>
internal sealed class LiveStream(LiveReader reader, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(3);

    public async Task WriteAsync(Stream body, string? subject, LivePage page, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        string? sent = null;
        try
        {
            while (time.GetElapsedTime(began) < Lasts)
            {
                if (page.Cursor != sent)
                {
                    var text = new StringBuilder();
                    foreach (var one in page.Events.Select(LiveEventView.From))
                    {
                        text.Append("data: ").Append(JsonSerializer.Serialize([one], LiveJson.Relaxed.LiveEventViewArray).AsSpan()[1..^1]).Append("\n\n");
                    }
                    // An event without data is not told, but its id is kept: so whoever connects again has heard all events before the cursor.
                    await body.WriteAsync(Encoding.UTF8.GetBytes(text.Append("id: ").Append(page.Cursor).Append("\nretry: 3000\n\n").ToString()), ct);
                }
                else
                {
                    await body.WriteAsync(": nothing changed\n\n"u8.ToArray(), ct);
                }
                await body.FlushAsync(ct);
                sent = page.Cursor;
                await Task.Delay(Pace, time, ct);
                var next = await reader.ReadAsync(subject, sent, ct);
                if (!next.IsOk)
                {
                    return;
                }
                page = next.Value;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }
}
