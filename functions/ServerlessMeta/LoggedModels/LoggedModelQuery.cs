using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>What a search of logged models asks.</summary>
/// <param name="Filter">Its own order is not looked at: <paramref name="Order"/> is.</param>
/// <param name="Order">Before creation time (latest first) and id.</param>
/// <param name="Datasets">When there are any, only metrics measured on one of them are seen, by the filter and by orders that name no dataset; a filter without metrics then asks for a model that has such a metric.</param>
/// <param name="Status">The dialect's word for a status.</param>
public sealed record LoggedModelQuery(RecordQuery Filter, ImmutableArray<ModelOrder> Order, ImmutableArray<DatasetFilter> Datasets, Func<LoggedModelStatus, string> Status)
{
    internal string Fingerprint => string.Create(CultureInfo.InvariantCulture,
        $"{Filter.Fingerprint}\n{string.Join('|', Order.Select(static order => $"{order.Field.Kind} {Text(order.Field.Key)} {order.Descending} {Of(order.On)}"))}\n{string.Join('|', Datasets.Select(Of))}");

    private static string Of(DatasetFilter? dataset) => dataset is null ? "" : $"{Text(dataset.Name)} {Text(dataset.Digest)}";

    // With its length, so that no text can pass for another.
    private static string Text(string? text) => text is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
}
