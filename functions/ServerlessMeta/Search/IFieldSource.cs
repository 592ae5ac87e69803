using ServerlessMeta.Environments;

namespace ServerlessMeta.Search;

/// <summary>
/// A record that a query is evaluated on. <c>field</c> is an index into <see cref="RecordQuery.Fields"/>, so that an index of records
/// can resolve each field to a column once per query.
/// </summary>
public interface IFieldSource
{
    /// <summary>The number in the field (metrics, numeric attributes); false when the record has none.</summary>
    bool TryNumber(int field, out double value);

    /// <summary>The text in the field (params, tags, text attributes); null when the record has none.</summary>
    string? Text(int field);

    /// <summary>All texts in a many-valued field (datasets).</summary>
    IReadOnlyList<string> Texts(int field);

    /// <summary>The version of the package in the field; null when the record has no such package.</summary>
    PackageVersion? Version(int field) => null;
}
