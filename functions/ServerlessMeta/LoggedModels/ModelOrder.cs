using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>One field that orders logged models: an attribute, or a metric, measured on a dataset when one is named.</summary>
public sealed record ModelOrder(Field Field, bool Descending, DatasetFilter? On)
{
    internal bool IsNumber => Field.Kind is FieldKind.Metric || Field.Key is LoggedModelFields.CreatedAt or LoggedModelFields.UpdatedAt;
}
