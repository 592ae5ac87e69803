using System.Text.Json;

namespace ServerlessMeta.Previews;

/// <summary>
/// A large JSON document as a stream of records: the elements of its array, or of <c>data</c> behind <c>columns</c>. One record is in memory at a time.
/// </summary>
internal sealed class JsonElements(ContentStream content)
{
    private const string Columns = "columns", Data = "data";
    private const int Chunk = 256 * 1024;

    private readonly TableBuilder table = new();
    private byte[] buffer = new byte[Chunk];
    private int start, end;
    private bool ended;
    private JsonReaderState state = new(new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = PreviewLimits.JsonDepth });
    private string? member;
    private bool inRows;

    private enum Step
    {
        Done,
        NeedsMore,
        Ended,
        NoRecords,
    }

    /// <summary>Null when the document holds no such records.</summary>
    public static async Task<Preview?> MakeAsync(ContentStream content, CancellationToken ct) => await new JsonElements(content).MakeAsync(ct);

    private async Task<Preview?> MakeAsync(CancellationToken ct)
    {
        content.Position = 0;
        string? limit = null;
        try
        {
            while (limit is null)
            {
                var step = content.Budget.IsSpent() ? Step.Ended : Advance();
                if (step is Step.Ended or Step.NoRecords)
                {
                    limit = content.Budget.Limit;
                    break;
                }
                if (step is Step.NeedsMore)
                {
                    limit = end - start > PreviewLimits.RecordBytes ? $"before a record of more than {PreviewLimits.RecordBytes >> 20} MiB" : await FillAsync(ct) ? null : content.Budget.Limit ?? "where the file breaks off";
                }
            }
        }
        catch (JsonException)
        {
            limit = "at a place that is no JSON";
        }
        return table.Rows == 0 ? null : JsonRecords.Table(table, limit);
    }

    /// <summary>Takes one token or one record that is whole in the buffer.</summary>
    private Step Advance()
    {
        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
        if (!reader.Read())
        {
            return ended ? Step.Ended : Step.NeedsMore;
        }
        var step = inRows ? Row(ref reader) : Outside(ref reader);
        if (step is Step.Done)
        {
            state = reader.CurrentState;
            start += (int)reader.BytesConsumed;
        }
        return step;
    }

    private Step Row(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.EndArray)
        {
            return Step.Ended;
        }
        if (Whole(ref reader) is not { } record)
        {
            return Step.NeedsMore;
        }
        using var document = JsonDocument.Parse(record, JsonRecords.Options);
        JsonRecords.AddRow(table, document.RootElement);
        return Step.Done;
    }

    private Step Outside(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                return Step.Done;
            case JsonTokenType.PropertyName:
                member = reader.ValueTextEquals(Columns) ? Columns : reader.ValueTextEquals(Data) ? Data : null;
                return Step.Done;
            case JsonTokenType.StartArray when reader.CurrentDepth == 0 || (member == Data && table.ColumnCount > 0):
                inRows = true;
                return Step.Done;
            case JsonTokenType.EndObject:
                return Step.NoRecords;
        }
        if (Whole(ref reader) is not { } value)
        {
            return Step.NeedsMore;
        }
        if (member == Columns)
        {
            using var columns = JsonDocument.Parse(value, JsonRecords.Options);
            foreach (var column in columns.RootElement.ValueKind is JsonValueKind.Array ? columns.RootElement.EnumerateArray() : [])
            {
                table.AddColumn(JsonRecords.TextOf(column));
            }
        }
        return Step.Done;
    }

    /// <summary>The value that begins here; null when the buffer does not hold it to its end.</summary>
    private ReadOnlyMemory<byte>? Whole(ref Utf8JsonReader reader)
    {
        var from = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return null;
        }
        return buffer.AsMemory(start + from, (int)reader.BytesConsumed - from);
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }
        var first = content.Position == 0;
        var read = await content.ReadAsync(buffer.AsMemory(end), ct);
        end += read;
        ended = read == 0;
        if (first && buffer.AsSpan(0, end).StartsWith("\ufeff"u8))
        {
            start = 3;
        }
        return !ended || content.Budget.Limit is null;
    }
}
