using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A run that has a text somewhere.</summary>
/// <param name="Run">The run.</param>
/// <param name="Experiment">Whose it is.</param>
/// <param name="Place">The param or tag that has it; null: the name.</param>
/// <param name="IsTag">Whether the place is a tag.</param>
internal sealed record FoundText(RunInfo Run, Experiment Experiment, Tag? Place, bool IsTag)
{
    /// <summary>So many runs of an experiment are looked at, the newest.</summary>
    public const int MostLookedAt = 20_000;

    /// <summary>Null when the run has the text nowhere.</summary>
    public static FoundText? In(RunRecord run, Experiment experiment, string text)
    {
        if (run.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
        {
            return Of(null, false);
        }
        var fields = new List<Tag>();
        foreach (var (chunks, isTag) in ((byte[][], bool)[])[(run.Tags, true), (run.Params, false)])
        {
            fields.Clear();
            foreach (var chunk in chunks)
            {
                PackedFields.Decode(chunk, fields);
            }
            if (fields.FindIndex(field => field.Value.Contains(text, StringComparison.OrdinalIgnoreCase) || field.Key.Contains(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var place)
            {
                return Of(fields[place], isTag);
            }
        }
        return null;

        FoundText Of(Tag? place, bool isTag) => new(run.ToInfo(LifecycleStage.Active), experiment, place, isTag);
    }
}
