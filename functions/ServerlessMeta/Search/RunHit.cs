using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A run as a query sees it: a slot of an index's columns, or a single record.</summary>
internal readonly struct RunHit(RunRecord run, RunColumn[]? columns, int slot, RunFieldReader[]? readers) : IFieldSource
{
    public RunRecord Run => run;

    public bool TryNumber(int field, out double value)
    {
        if (columns is not null)
        {
            return columns[field].TryNumber(slot, out value);
        }
        value = 0;
        return readers![field].IsNumber && readers[field].TryNumber(run, out value);
    }

    public string? Text(int field)
    {
        if (columns is not null)
        {
            return columns[field].Text(slot);
        }
        var reader = readers![field];
        return reader.IsNumber || reader.IsMany ? null : reader.Text(run);
    }

    public IReadOnlyList<string> Texts(int field)
    {
        if (columns is not null)
        {
            return columns[field].Texts(slot);
        }
        return readers![field].IsMany ? readers[field].Texts(run) : [];
    }
}
