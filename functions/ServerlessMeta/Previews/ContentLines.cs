namespace ServerlessMeta.Previews;

/// <summary>The lines of a file, one after the other, while they are short enough and the budget lasts.</summary>
internal sealed class ContentLines(ContentStream content, int most)
{
    private const int Chunk = 128 * 1024;

    private byte[] buffer = new byte[Chunk];
    private int start, end, searched;
    private bool ended;

    /// <summary>Of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>What ended the reading before the last line; null when nothing did.</summary>
    public string? Limit { get; private set; }

    /// <summary>Without its line break; valid until the next call. Null at the end.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken ct) => TryNext(out var line) ? new(line) : ReadNextAsync(ct);

    private async ValueTask<ReadOnlyMemory<byte>?> ReadNextAsync(CancellationToken ct)
    {
        while (true)
        {
            await FillAsync(ct);
            if (TryNext(out var line))
            {
                return line;
            }
        }
    }

    /// <summary>The next line, or null at the end; false when more must be read to know.</summary>
    private bool TryNext(out ReadOnlyMemory<byte>? line)
    {
        var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
        if (found >= 0)
        {
            line = content.Budget.IsSpent() ? Stop(content.Budget.Limit) : Take(searched + found, 1);
            return true;
        }
        searched = end - start;
        line = null;
        if (ended)
        {
            line = content.Budget.Limit is { } limit ? Stop(limit) : searched == 0 ? Stop(null) : Take(searched, 0);
            return true;
        }
        if (searched > most)
        {
            line = Stop($"before a line of more than {most >> 20} MiB");
            return true;
        }
        return false;
    }

    private ReadOnlyMemory<byte> Take(int length, int lineBreak)
    {
        var line = buffer.AsMemory(start, length);
        start += length + lineBreak;
        searched = 0;
        Number++;
        return Number == 1 && line.Span.StartsWith("\ufeff"u8) ? line[3..] : line;
    }

    private ReadOnlyMemory<byte>? Stop(string? limit)
    {
        Limit = limit;
        return null;
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }
        var read = await content.ReadAsync(buffer.AsMemory(end), ct);
        end += read;
        ended = read == 0;
    }
}
