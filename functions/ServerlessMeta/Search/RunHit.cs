using ServerlessMeta.Environments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A run as a query sees it: a slot of an index's columns, right while the index is looked at, or a record, which never changes.</summary>
internal readonly struct RunHit : IFieldSource
{
    private readonly RunColumn[]? columns;
    private readonly int slot;
    private readonly RunFieldReader[] readers;
    private readonly PackageVersions? packages;

    public RunHit(RunRecord run, RunFieldReader[] readers, PackageVersions? packages = null) => (Run, this.readers, this.packages) = (run, readers, packages);

    public RunHit(RunRecord run, RunColumn[] columns, int slot, PackageVersions? packages = null) => (Run, this.columns, this.slot, readers, this.packages) = (run, columns, slot, [], packages);

    public RunRecord Run { get; }

    public bool TryNumber(int field, out double value)
    {
        if (columns is not null)
        {
            return columns[field].TryNumber(slot, out value);
        }
        value = 0;
        return readers[field].IsNumber && readers[field].TryNumber(Run, out value);
    }

    public string? Text(int field)
    {
        if (columns is not null)
        {
            return columns[field].Text(slot);
        }
        var reader = readers[field];
        return reader.IsNumber || reader.IsMany ? null : reader.Text(Run);
    }

    public PackageVersion? Version(int field) => packages?.Find(field, Text(field));

    public IReadOnlyList<string> Texts(int field)
    {
        if (columns is not null)
        {
            return columns[field].Texts(slot);
        }
        return readers[field].IsMany ? readers[field].Texts(Run) : [];
    }
}
