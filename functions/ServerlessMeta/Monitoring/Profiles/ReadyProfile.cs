using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// The JSON of profiles: what a producer posts that counts its rows itself, and what is answered of a baseline, whose edges it needs for that.
/// <code>
/// {"rows":1000,"columns":[
///   {"name":"amount","kind":"numeric","missing":3,"infinite":0,"min":0.5,"max":99.5,"moments":{"mean":..,"m2":..,"m3":..,"m4":..},"edges":[..],"counts":[..],"below":0,"above":2},
///   {"name":"city","kind":"categorical","missing":0,"categories":{"Oslo":400,"Rome":600},"other":0}],
///  "coMoments":{"columns":[..],"count":..,"mean":[..],"scatter":[[..],..]}}
/// </code>
/// Counts are whole numbers of rows. <c>moments</c> are of the values that are present: their mean, and sums of the second to fourth powers of differences from it. Bin i is [e_i, e_i+1), the
/// last one is closed. Instead of <c>edges</c> may stand <c>edgesHash</c>, or nothing, where they are the baseline's. Instead of edges and counts may stand a sketch:
/// <c>"ddsketch":{"alpha":0.01,"zero":3,"positive":[[index,count],..],"negative":[..]}</c> or <c>"kll":{"k":1024,"levels":[[..],..]}</c>; then <c>moments</c> may be left out.
/// Categories are written as <see cref="CategoryText"/> says. Optional: <c>count</c> (it is <c>rows</c>), <c>infinite</c>, <c>distinct</c>, <c>coMoments</c>.
/// </summary>
internal static class ReadyProfile
{
    /// <summary>Counts up to here are numbers in JSON.</summary>
    public const long MostRows = 9_007_199_254_740_991;

    /// <summary>Notes all faults; null when there are any.</summary>
    /// <param name="element">The profile's object.</param>
    /// <param name="path">Where it stands; empty: it is the body.</param>
    /// <param name="baseline">Whose edges may be left out, and to whose edges sketches are brought; null: there is none.</param>
    /// <param name="faults">Takes the faults.</param>
    public static DataProfile? Read(JsonElement element, string path, DataProfile? baseline, List<Failure.Invalid> faults)
    {
        var before = faults.Count;
        var body = new BodyReader(element, path, faults, "rows", "columns", "coMoments");
        if (!body.IsObject)
        {
            return null;
        }
        body.Need("rows");
        var rows = body.Whole("rows", 0, MostRows);
        body.Need("columns");
        var columns = ImmutableArray.CreateBuilder<ColumnProfile>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var at = 0;
        foreach (var item in body.Items("columns", RowIngestOptions.MostColumns) ?? [])
        {
            if (new ReadyColumn(item, $"{body.PathOf("columns")}[{at}]", rows ?? 0, baseline, faults).Read() is { } column)
            {
                columns.Add(column);
                if (!names.Add(column.Name))
                {
                    faults.Add(new Failure.Invalid($"{body.PathOf("columns")}[{at}].name", "It stands there twice."));
                }
            }
            at++;
        }
        if (at == 0 && body.Find("columns") is { ValueKind: JsonValueKind.Array })
        {
            body.Refuse("columns", "There is at least one column.");
        }
        var moments = body.Find("coMoments") is { } given ? ReadCoMoments(given, body.PathOf("coMoments"), rows ?? 0, columns, faults) : null;
        return faults.Count == before ? new DataProfile { Rows = rows!.Value, Columns = columns.ToImmutable(), CoMoments = moments } : null;
    }

    public static void Write(Utf8JsonWriter json, DataProfile profile)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", profile.Rows);
        json.WriteStartArray("columns");
        foreach (var column in profile.Columns)
        {
            Write(json, column);
        }
        json.WriteEndArray();
        if (profile.CoMoments is { } moments)
        {
            json.WriteStartObject("coMoments");
            json.WriteStartArray("columns");
            foreach (var column in moments.Columns)
            {
                json.WriteStringValue(column);
            }
            json.WriteEndArray();
            json.WriteNumber("count", moments.Count);
            WriteNumbers(json, "mean", moments.Mean.AsSpan());
            json.WriteStartArray("scatter");
            for (var row = 0; row < moments.Columns.Length; row++)
            {
                WriteNumbers(json, null, moments.Scatter.AsSpan(row * moments.Columns.Length, moments.Columns.Length));
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ColumnProfile column)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("kind", column.Kind is ColumnKind.Numeric ? "numeric" : "categorical");
        json.WriteNumber("count", column.Count);
        json.WriteNumber("missing", column.Missing);
        json.WriteNumber("infinite", column.Infinite);
        if (column.Min is { } min)
        {
            json.WriteNumber("min", min);
            json.WriteNumber("max", column.Max!.Value);
        }
        if (column.Moments.Count > 0)
        {
            json.WriteStartObject("moments");
            json.WriteNumber("count", column.Moments.Count);
            json.WriteNumber("mean", column.Moments.Mean);
            json.WriteNumber("m2", column.Moments.M2);
            json.WriteNumber("m3", column.Moments.M3);
            json.WriteNumber("m4", column.Moments.M4);
            json.WriteEndObject();
        }
        if (column.Bins is { } bins)
        {
            WriteNumbers(json, "edges", bins.Edges.AsSpan());
            json.WriteString("edgesHash", bins.EdgesHash);
            json.WriteStartArray("counts");
            foreach (var count in bins.Counts)
            {
                json.WriteNumberValue(count);
            }
            json.WriteEndArray();
            json.WriteNumber("below", bins.Below);
            json.WriteNumber("above", bins.Above);
        }
        if (column.Categories is { } categories)
        {
            json.WriteStartObject("categories");
            foreach (var (key, count) in categories.Counts)
            {
                json.WriteNumber(key, count);
            }
            json.WriteEndObject();
            json.WriteNumber("other", categories.Other);
            json.WriteBoolean("exact", categories.IsExact);
        }
        if (column.Distinct is { } distinct)
        {
            json.WriteNumber("distinct", distinct);
        }
        if (column.IsApproximate)
        {
            json.WriteBoolean("approximate", true);
        }
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string? name, ReadOnlySpan<double> values)
    {
        if (name is null)
        {
            json.WriteStartArray();
        }
        else
        {
            json.WriteStartArray(name);
        }
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }
        json.WriteEndArray();
    }

    private static CoMoments? ReadCoMoments(JsonElement element, string path, long rows, IEnumerable<ColumnProfile> columns, List<Failure.Invalid> faults)
    {
        var body = new BodyReader(element, path, faults, "columns", "count", "mean", "scatter");
        var numeric = columns.Where(static column => column.Kind is ColumnKind.Numeric).Select(static column => column.Name).ToHashSet(StringComparer.Ordinal);
        body.Need("columns");
        body.Need("count");
        body.Need("mean");
        body.Need("scatter");
        var names = body.Items("columns", CoMomentsBuilder.MostColumns)?.Select(static name => name.ValueKind is JsonValueKind.String ? name.GetString()! : "").ToImmutableArray() ?? [];
        if (names.IsEmpty || names.Distinct(StringComparer.Ordinal).Count() < names.Length || !names.All(numeric.Contains))
        {
            body.Refuse("columns", "Names of numeric columns of the profile are expected, each once.");
        }
        var count = body.Whole("count", 0, rows);
        var mean = Numbers(body.Items("mean", CoMomentsBuilder.MostColumns));
        var scatter = body.Items("scatter", CoMomentsBuilder.MostColumns)?.Select(static row => row.ValueKind is JsonValueKind.Array ? Numbers(row.EnumerateArray()) : null).ToList();
        if (mean?.Length != names.Length)
        {
            body.Refuse("mean", "A finite number for each column is expected.");
        }
        if (scatter?.Count != names.Length || scatter.Exists(row => row?.Length != names.Length) || !IsScatter(scatter))
        {
            body.Refuse("scatter", "A symmetric matrix of finite numbers is expected, a row for each column, with nothing negative on its diagonal.");
            return null;
        }
        return mean is null || count is null ? null : new CoMoments(names, count.Value, [.. mean], [.. scatter.SelectMany(static row => row!)]);
    }

    private static bool IsScatter(List<double[]?> rows) => Enumerable.Range(0, rows.Count).All(i =>
        rows[i]![i] >= 0 && Enumerable.Range(0, i).All(j => Math.Abs(rows[i]![j] - rows[j]![i]) <= 1e-9 * Math.Sqrt(rows[i]![i]) * Math.Sqrt(rows[j]![j])));

    /// <summary>Null unless all are finite numbers.</summary>
    internal static double[]? Numbers(IEnumerable<JsonElement>? items)
    {
        var numbers = new List<double>();
        foreach (var item in items ?? [])
        {
            if (item.ValueKind is not JsonValueKind.Number || !item.TryGetDouble(out var number) || !double.IsFinite(number))
            {
                return null;
            }
            numbers.Add(number + 0.0);
        }
        return items is null ? null : [.. numbers];
    }
}
