namespace ServerlessMeta.Previews;

/// <summary>The beginning of a value, kept in a buffer that is used again: as much as is ever shown.</summary>
internal sealed class KeptBytes
{
    private const int Most = 4 * (PreviewLimits.CellCharacters + 1);

    private byte[] buffer = [];
    private int length;

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

    public void Set(ReadOnlySpan<byte> value)
    {
        length = Math.Min(value.Length, Most);
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Min(Most, length * 2)];
        }
        value[..length].CopyTo(buffer);
    }
}
