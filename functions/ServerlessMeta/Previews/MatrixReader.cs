using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ServerlessMeta.Previews;

/// <summary>
/// Recognises a confusion matrix: a square array of arrays of counts, alone, or under <c>matrix</c>, <c>confusion_matrix</c> or <c>data</c> beside its
/// <c>labels</c> or <c>classes</c>.
/// </summary>
internal static class MatrixReader
{
    private static readonly string[] MatrixNames = ["confusion_matrix", "confusionMatrix", "matrix"];
    private static readonly string[] LabelNames = ["labels", "classes", "class_names", "target_names"];

    /// <summary>Null when it is none.</summary>
    public static MatrixPreview? Read(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Array)
        {
            return Counts(root) is { } bare && bare.All(static row => row.All(double.IsInteger)) ? Describe(bare, null) : null;
        }
        if (root.ValueKind is not JsonValueKind.Object || Member(root, MatrixNames) is not { } found)
        {
            return null;
        }
        // The matrix may have its labels beside it or within.
        var (matrix, labels) = found.ValueKind is JsonValueKind.Object && Member(found, MatrixNames) is { } inner ? (inner, Member(found, LabelNames)) : (found, Member(root, LabelNames));
        return Counts(matrix) is { } counts ? Describe(counts, labels) : null;
    }

    private static JsonElement? Member(JsonElement of, string[] names)
    {
        foreach (var name in names)
        {
            if (of.TryGetProperty(name, out var value))
            {
                return value;
            }
        }
        return null;
    }

    private static ImmutableArray<ImmutableArray<double>>? Counts(JsonElement matrix)
    {
        if (matrix.ValueKind is not JsonValueKind.Array || matrix.GetArrayLength() is var size && size is < 2 or > PreviewLimits.MatrixClasses)
        {
            return null;
        }
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(size);
        foreach (var row in matrix.EnumerateArray())
        {
            if (row.ValueKind is not JsonValueKind.Array || row.GetArrayLength() != size)
            {
                return null;
            }
            var counts = ImmutableArray.CreateBuilder<double>(size);
            foreach (var cell in row.EnumerateArray())
            {
                if (cell.ValueKind is not JsonValueKind.Number || !cell.TryGetDouble(out var count) || count is not (>= 0 and <= 1e15))
                {
                    return null;
                }
                counts.Add(count);
            }
            rows.Add(counts.MoveToImmutable());
        }
        return rows.MoveToImmutable();
    }

    private static MatrixPreview Describe(ImmutableArray<ImmutableArray<double>> counts, JsonElement? labels)
    {
        var size = counts.Length;
        var names = labels is { ValueKind: JsonValueKind.Array } some && some.GetArrayLength() == size
            ? some.EnumerateArray().Select(JsonRecords.TextOf).ToArray()
            : [.. Enumerable.Range(0, size).Select(static number => number.ToString(CultureInfo.InvariantCulture))];
        return new MatrixPreview(
            [.. Enumerable.Range(0, size).Select(at => new MatrixClass(names[at], Share(counts[at][at], counts.Sum(row => row[at])), Share(counts[at][at], counts[at].Sum())))],
            counts);
    }

    private static double? Share(double part, double whole) => whole == 0 ? null : part / whole;
}
