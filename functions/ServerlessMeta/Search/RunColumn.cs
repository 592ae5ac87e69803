using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>One field of every run of an index, by slot: filled when first searched, kept while the runs change.</summary>
internal sealed class RunColumn(RunFieldReader reader)
{
    // A bit pattern that no stored number has: this NaN has a payload of its own.
    private static readonly double Missing = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_5EED_0000_0001));

    private double[] numbers = [];
    private string?[] texts = [];
    private IReadOnlyList<string>?[] many = [];
    private int filled;

    public long LastUsed { get; set; }

    public void Fill(List<RunRecord> runs)
    {
        Reserve(runs.Count);
        for (; filled < runs.Count; filled++)
        {
            Set(filled, runs[filled]);
        }
    }

    public void Change(int slot, RunRecord run)
    {
        if (slot < filled)
        {
            Set(slot, run);
        }
    }

    public bool TryNumber(int slot, out double value)
    {
        value = reader.IsNumber ? numbers[slot] : Missing;
        return BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(Missing);
    }

    public string? Text(int slot) => reader.IsNumber || reader.IsMany ? null : texts[slot];

    public IReadOnlyList<string> Texts(int slot) => reader.IsMany ? many[slot] ?? [] : [];

    private void Set(int slot, RunRecord run)
    {
        if (reader.IsNumber)
        {
            numbers[slot] = !reader.TryNumber(run, out var number) ? Missing : double.IsNaN(number) ? double.NaN : number;
        }
        else if (reader.IsMany)
        {
            many[slot] = reader.Texts(run);
        }
        else
        {
            texts[slot] = reader.Text(run);
        }
    }

    private void Reserve(int count)
    {
        var size = Math.Max(count, 16);
        if (reader.IsNumber && numbers.Length < count)
        {
            Array.Resize(ref numbers, Math.Max(size, numbers.Length * 3 / 2));
        }
        else if (reader.IsMany && many.Length < count)
        {
            Array.Resize(ref many, Math.Max(size, many.Length * 3 / 2));
        }
        else if (!reader.IsNumber && !reader.IsMany && texts.Length < count)
        {
            Array.Resize(ref texts, Math.Max(size, texts.Length * 3 / 2));
        }
    }
}
