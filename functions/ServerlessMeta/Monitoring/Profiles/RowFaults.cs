using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>What is wrong with rows, by their number from 1: the first faults, by which a caller can mend the rest.</summary>
internal sealed class RowFaults
{
    public const int Most = 20;

    private readonly List<Failure.Invalid> faults = [];

    public IReadOnlyList<Failure.Invalid> All => faults;

    public bool Any => faults.Count > 0;

    /// <summary>Whether reading on would tell nothing new.</summary>
    public bool IsFull => faults.Count >= Most;

    public void Add(string field, string detail)
    {
        if (!IsFull)
        {
            faults.Add(new Failure.Invalid(field, detail));
        }
    }

    public void Row(long row, string detail) => Add(string.Create(CultureInfo.InvariantCulture, $"rows[{row}]"), detail);

    public void Row(long row, string column, string detail) => Add(string.Create(CultureInfo.InvariantCulture, $"rows[{row}].{column}"), detail);

    /// <summary>All of them as one, for who can hand on one only.</summary>
    public Failure.Invalid Joined() => faults.Count == 1 ? faults[0] : new Failure.Invalid("rows", string.Join(" ", faults.Select(static fault => $"{fault.Field}: {fault.Detail}")));
}
