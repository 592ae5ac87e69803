using System.Globalization;

namespace ServerlessMeta.Audit;

/// <summary>What to list.</summary>
internal sealed record AuditQuery
{
    /// <summary>Kind and id; null: of all.</summary>
    public string? Object { get; init; }

    /// <summary>The kind of objects; null: every one. With a run as the object and <c>file</c> here, the run's files.</summary>
    public string? Kind { get; init; }

    /// <summary>The name of the caller.</summary>
    public string? By { get; init; }

    /// <summary>The action, or the first part of it before the dot.</summary>
    public string? Action { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>What a page token is bound to.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"audit\n{Object}\n{Kind}\n{By}\n{Action}\n{From:O}\n{To:O}");

    public bool Fits(AuditEntry entry) =>
        (By is null || entry.By == By)
        && (Action is null || entry.Action == Action || (entry.Action.Length > Action.Length && entry.Action[Action.Length] == '.' && entry.Action.StartsWith(Action, StringComparison.Ordinal)))
        && (From is null || entry.At >= From) && (To is null || entry.At <= To);
}
