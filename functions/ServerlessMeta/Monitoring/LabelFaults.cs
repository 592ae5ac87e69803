using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>What is wrong with labels, by their number from 0: the first faults, by which a caller can mend the rest.</summary>
internal sealed class LabelFaults
{
    private const int Most = 20;

    public List<Failure.Invalid> All { get; } = [];

    public bool IsFull => All.Count >= Most;

    public void Add(int number, string field, string detail)
    {
        if (!IsFull)
        {
            All.Add(new Failure.Invalid(string.Create(CultureInfo.InvariantCulture, $"labels[{number}]{(field.Length == 0 ? "" : ".")}{field}"), detail));
        }
    }
}
