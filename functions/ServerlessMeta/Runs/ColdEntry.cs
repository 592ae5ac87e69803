using System.Globalization;
using Azure.Data.Tables;

namespace ServerlessMeta.Runs;

/// <summary>An entry of a partition's cold log: the runs that were cooled in one transaction, and the revision each had.</summary>
internal static class ColdEntry
{
    public static TableEntity From(string partition, long number, IEnumerable<(RunId Id, long Revision)> cooled) =>
        new(partition, RunKeys.Cold(number))
        {
            ["runs"] = string.Join(' ', cooled.Select(static run => string.Create(CultureInfo.InvariantCulture, $"{run.Id}:{run.Revision}"))),
        };

    public static IEnumerable<(RunId Id, long Revision)> Read(TableEntity row) => row.GetString("runs").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(static run => (RunId.Parse(run[..32], CultureInfo.InvariantCulture), long.Parse(run.AsSpan(33), NumberStyles.None, CultureInfo.InvariantCulture)));
}
