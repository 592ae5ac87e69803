namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>The cells of a column in the rows that are being read.</summary>
/// <param name="isKept">As it was given, whatever it looks like: ids and times.</param>
internal sealed class RowColumn(string name, bool isKept)
{
    private const int MostWords = 4_096;

    private readonly Dictionary<string, string> words = new(StringComparer.Ordinal);

    public string Name => name;

    public bool IsKept => isKept;

    /// <summary>NaN where there is no number.</summary>
    public double[] Numbers { get; } = Nothing();

    /// <summary>Categories; null where there is none.</summary>
    public string?[] Texts { get; } = new string?[RowTable.BatchRows];

    public bool HasTexts { get; private set; }

    /// <summary>The row that has a cell last, to find columns that a row has twice.</summary>
    public long LastRow { get; set; } = -1;

    /// <summary>Makes the profile; null for ids and times.</summary>
    public ColumnBuilder? Builder { get; init; }

    public void Set(int row, double value) => Numbers[row] = value;

    public void Set(int row, string text)
    {
        Texts[row] = text;
        HasTexts = true;
    }

    /// <summary>A text that is no number.</summary>
    public void SetWords(int row, ReadOnlySpan<char> text) => Set(row, Word(text));

    /// <summary>The category that a text is, or an id or time as it stands. Texts that occur often are one object.</summary>
    public string Word(ReadOnlySpan<char> text)
    {
        if (isKept)
        {
            return new string(text);
        }
        if (!words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var category))
        {
            var given = new string(text);
            category = CategoryText.Of(given);
            if (words.Count < MostWords)
            {
                words.Add(given, category);
            }
        }
        return category;
    }

    /// <summary>The cell as a category; null: it is missing, or no finite number.</summary>
    public string? Category(int row) => Texts[row] ?? (double.IsFinite(Numbers[row]) ? CategoryText.Of(Numbers[row]) : null);

    public void Move(int from, int to)
    {
        Numbers[to] = Numbers[from];
        Texts[to] = Texts[from];
    }

    public void Clear(int from, int count)
    {
        Numbers.AsSpan(from, count).Fill(double.NaN);
        if (HasTexts)
        {
            Texts.AsSpan(from, count).Clear();
            HasTexts = from > 0;
        }
    }

    private static double[] Nothing()
    {
        var numbers = new double[RowTable.BatchRows];
        Array.Fill(numbers, double.NaN);
        return numbers;
    }
}
