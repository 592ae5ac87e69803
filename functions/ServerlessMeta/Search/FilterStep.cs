namespace ServerlessMeta.Search;

/// <summary>One clause, ready to run, and the steps that follow when it holds and when not. NOT, AND and OR are only in those.</summary>
internal sealed class FilterStep
{
    /// <summary>In place of a following step: the record matches.</summary>
    public const int Accept = -1;

    /// <summary>In place of a following step: the record does not match.</summary>
    public const int Reject = -2;

    public required int Field { get; init; }

    public required FieldAccess Access { get; init; }

    public required int WhenTrue { get; init; }

    public required int WhenFalse { get; init; }

    public NumberTest? Number { get; init; }

    public TextTest? Text { get; init; }

    public VersionTest? Version { get; init; }

    /// <summary>What a missing text gives.</summary>
    public bool WhenMissing { get; init; }

    public int Next<T>(ref readonly T record) where T : IFieldSource => Holds(in record) ? WhenTrue : WhenFalse;

    private bool Holds<T>(ref readonly T record) where T : IFieldSource
    {
        if (Access is FieldAccess.Number) return record.TryNumber(Field, out var value) && Number!.Holds(value);
        if (Access is FieldAccess.AnyText) return AnyHolds(record.Texts(Field));

        if (Access is FieldAccess.Version) return record.Version(Field) is { } version ? Version?.Holds(version) ?? !WhenMissing : WhenMissing;

        var text = record.Text(Field);
        return Access switch
        {
            FieldAccess.Absence => text is null ? WhenMissing : !WhenMissing,
            FieldAccess.TextAsNumber => text is not null && Numbers.TryParse(text, out var number) && Number!.Holds(number),
            _ => text is null ? WhenMissing : Text!.Holds(text),
        };
    }

    private bool AnyHolds(IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (Text!.Holds(texts[i])) return true;
        }

        return false;
    }
}
