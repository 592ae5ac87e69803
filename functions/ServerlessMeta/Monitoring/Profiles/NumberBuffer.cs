namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// The numbers of a column, row by row, NaN where there is none. Its pieces grow to half a megabyte and never move; where they begin depends on the row alone, so that those
/// of several columns lie side by side.
/// </summary>
internal sealed class NumberBuffer
{
    private const int FirstPiece = RowTable.BatchRows;
    private const int LargestPiece = 64 * 1024;

    private readonly List<double[]> pieces = [];
    private int filled;

    public long Count { get; private set; }

    public int Pieces => pieces.Count;

    public ReadOnlySpan<double> this[int piece] => pieces[piece].AsSpan(0, piece == pieces.Count - 1 ? filled : pieces[piece].Length);

    public void Add(ReadOnlySpan<double> numbers)
    {
        while (!numbers.IsEmpty)
        {
            var room = Room();
            var some = Math.Min(room.Length, numbers.Length);
            numbers[..some].CopyTo(room);
            Took(some);
            numbers = numbers[some..];
        }
    }

    /// <summary>So many rows without a number.</summary>
    public void AddMissing(long rows)
    {
        while (rows > 0)
        {
            var room = Room();
            var some = (int)Math.Min(room.Length, rows);
            room[..some].Fill(double.NaN);
            Took(some);
            rows -= some;
        }
    }

    private Span<double> Room()
    {
        if (pieces.Count == 0 || filled == pieces[^1].Length)
        {
            pieces.Add(GC.AllocateUninitializedArray<double>(pieces.Count == 0 ? FirstPiece : Math.Min(LargestPiece, 2 * pieces[^1].Length)));
            filled = 0;
        }
        return pieces[^1].AsSpan(filled);
    }

    private void Took(int some)
    {
        filled += some;
        Count += some;
    }
}
