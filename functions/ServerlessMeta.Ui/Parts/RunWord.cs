using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Parts;

/// <summary>A run's status, as people read it and as its badge is coloured.</summary>
internal static class RunWord
{
    public static string Of(RunStatus status) => status.ToString().ToLowerInvariant();

    public static string Kind(RunStatus status) => status switch
    {
        RunStatus.Finished => "good",
        RunStatus.Running => "info",
        RunStatus.Failed => "bad",
        RunStatus.Killed => "warn",
        _ => "",
    };
}
