using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>One field of every run of an index, by slot: filled when first searched, kept while the runs change.</summary>
internal sealed class RunColumn(RunFieldReader reader)
{
    // A bit pattern that no stored number has: this NaN has a payload of its own.
    private static readonly double Missing = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_5EED_0000_0001));

    // Of the three, only the one of the field's kind is filled.
    private readonly List<double> numbers = [];
    private readonly List<string?> texts = [];
    private readonly List<IReadOnlyList<string>> many = [];
    private long textBytes;

    public long LastUsed { get; set; }

    /// <summary>About what the column takes in memory, in bytes.</summary>
    public long Weight => textBytes + (8L * (numbers.Capacity + texts.Capacity + many.Capacity));

    public void Fill(List<RunRecord> runs)
    {
        for (var slot = numbers.Count + texts.Count + many.Count; slot < runs.Count; slot++)
        {
            Set(slot, runs[slot]);
        }
    }

    public void Change(int slot, RunRecord run)
    {
        if (slot < numbers.Count + texts.Count + many.Count)
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

    public IReadOnlyList<string> Texts(int slot) => reader.IsMany ? many[slot] : [];

    private void Set(int slot, RunRecord run)
    {
        if (reader.IsNumber)
        {
            Put(numbers, slot, !reader.TryNumber(run, out var number) ? Missing : double.IsNaN(number) ? double.NaN : number);
        }
        else if (reader.IsMany)
        {
            var old = Put(many, slot, reader.Texts(run));
            textBytes += many[slot].Sum(Size) - (old?.Sum(Size) ?? 0);
        }
        else
        {
            var old = Put(texts, slot, reader.Text(run));
            textBytes += Size(texts[slot]) - Size(old);
        }
    }

    // What was there before.
    private static T? Put<T>(List<T> list, int slot, T value)
    {
        if (slot == list.Count)
        {
            list.Add(value);
            return default;
        }
        var old = list[slot];
        list[slot] = value;
        return old;
    }

    private static long Size(string? text) => text is null ? 0 : 24 + (2 * text.Length);
}
