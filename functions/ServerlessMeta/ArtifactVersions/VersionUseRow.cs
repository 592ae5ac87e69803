using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A use as two rows, one found by the version and one by the run; written again, they are the same.</summary>
internal static class VersionUseRow
{
    public static IEnumerable<TableEntity> From(VersionUse use)
    {
        foreach (var key in (string[])[ArtifactVersionKeys.Use(use), ArtifactVersionKeys.OfRun(use)])
        {
            var row = new TableEntity(ArtifactVersionKeys.Partition(use.Name), key)
            {
                ["name"] = use.Name,
                ["number"] = use.Number,
                ["run"] = use.Run.ToString(),
                ["direction"] = (int)use.Direction,
            };
            if (use.Context is { } context)
            {
                row["context"] = context;
            }
            yield return row;
        }
    }

    public static VersionUse To(TableEntity row) => new(
        row.GetString("name"), row.GetInt64("number")!.Value, RunId.Parse(row.GetString("run"), CultureInfo.InvariantCulture), (UseDirection)row.GetInt32("direction")!.Value, row.GetString("context"));
}
