using System.Globalization;
using ServerlessMeta.Live;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Tells whoever follows a run that it was written: one operation.</summary>
internal static class RunsLive
{
    public const string Type = "run.changed.v1";

    public static LiveSource SourceOf(RunReader reader) => new()
    {
        Subject = "runs/",
        LookAsync = async (name, since, ct) =>
        {
            if (!RunId.TryParse(name, CultureInfo.InvariantCulture, out var id) || id == default || await reader.FindChangeAsync(id, ct) is not { } run)
            {
                return new Failure.NotFound("Run", name);
            }
            return LiveLook.Of(since, PositionOf(run.Revision), Event(id, run));
        },
    };

    /// <summary>Where a run stands.</summary>
    public static string PositionOf(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>That a run was written.</summary>
    public static LiveEvent Event(RunId id, RunChange run) =>
        new(Type, $"runs/{id}", PositionOf(run.Revision)) { Data = new LiveData(run.Name, run.Status.ToString(), run.Revision) };
}
