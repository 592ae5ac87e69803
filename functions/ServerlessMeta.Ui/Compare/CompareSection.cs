using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <param name="Title">What is compared.</param>
/// <param name="Rows">Those that are shown.</param>
/// <param name="Differing">How many differ.</param>
/// <param name="Same">How many do not.</param>
/// <param name="ShowsChange">Whether each row says in a word how the sides differ.</param>
public sealed record CompareSection(string Title, ImmutableArray<CompareRow> Rows, int Differing, int Same, bool ShowsChange)
{
    /// <summary>How many differing rows are not shown, for there are too many.</summary>
    public int Hidden { get; init; }
}
