using CsCheck;

namespace ServerlessMeta.Tests.Search;

/// <summary>Texts that look like filters, or nearly.</summary>
internal static class Fragments
{
    private static readonly string[] Words =
    [
        "metrics", "params", "tags", "datasets", "attributes", ".", "a", "`a b`", "\"c\"", "'x'", "'", "\"", "`", "status", "start_time", "run_id", "(", ")", ",", "=", "!=", "<", ">=", "==",
        "LIKE", "ilike", "IN", "not", "NOT", "AND", "or", "IS", "NULL", "BETWEEN", "1", "-", "1e9", "99999999999999999999", "nan", "-inf", "%", "_", " ", " ", " ", "\n", "\0", "\\", ";", "é", "😀", "\ud83d", "ASC", "DESC",
    ];

    public static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf(Words).Array[0, 30].Select(string.Concat), Gen.OneOf(Words).Array[0, 30].Select(static words => string.Join(' ', words)), Gen.String);
}
