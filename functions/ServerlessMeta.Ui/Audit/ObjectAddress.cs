namespace ServerlessMeta.Ui.Audit;

/// <summary>The pages of what is audited.</summary>
internal static class ObjectAddress
{
    /// <summary>Null: it has no page of its own.</summary>
    public static string? Of(string named)
    {
        var (kind, id) = named.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (named[..colon], Uri.EscapeDataString(named[(colon + 1)..])) : ("", "");
        return kind switch
        {
            "run" => $"/runs/{id}",
            "experiment" => $"/experiments/{id}",
            "rule" => $"/rules/{id}",
            _ => null,
        };
    }
}
