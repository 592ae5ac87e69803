using Microsoft.AspNetCore.Http;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A run, and what was asked of its page.</summary>
internal sealed record RunRequest(Run Run, HttpRequest Request)
{
    public RunId Id => Run.Info.Id;

    /// <summary>A value of the address; null when it is not there or empty.</summary>
    public string? Text(string name) => Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
