namespace ServerlessMeta.Ui.Models;

/// <summary>Alerts in words: what results call <c>column:wind</c>.</summary>
internal static class AlertWords
{
    public static string Of(string alert) => alert.Split(':', 2) switch
    {
        ["column", var column] => $"{column} drifted",
        ["dataset", "driftShare"] => "too many features drifted",
        ["dataset", "correlation"] => "features go together otherwise",
        ["dataset", "pcaReconstruction"] => "rows look otherwise as a whole",
        ["performance", var metric] => $"{metric} got worse",
        _ => alert,
    };
}
