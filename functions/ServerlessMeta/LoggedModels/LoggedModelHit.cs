using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>A logged model as the filter of a query sees it.</summary>
internal readonly struct LoggedModelHit(LoggedModel model, LoggedModelQuery query) : IFieldSource
{
    public bool TryNumber(int field, out double value)
    {
        var found = ModelFields.Number(model, query.Filter.Fields[field], query.Datasets);
        value = found ?? 0;
        return found is not null;
    }

    public string? Text(int field) => ModelFields.Text(model, query.Filter.Fields[field], query.Status);

    public IReadOnlyList<string> Texts(int field) => [];
}
