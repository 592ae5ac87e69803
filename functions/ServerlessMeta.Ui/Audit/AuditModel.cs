using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Audit;

/// <summary>Entries of the audit.</summary>
public sealed record AuditModel
{
    public string? Object { get; init; }

    public string? Kind { get; init; }

    public string? By { get; init; }

    public string? Action { get; init; }

    /// <summary>The first day, as a field has it.</summary>
    public string? From { get; init; }

    /// <summary>The last day.</summary>
    public string? To { get; init; }

    public ImmutableArray<string> Kinds { get; init; } = [];

    /// <summary>Nothing was asked: these are the newest of the kinds that are cheap to look at.</summary>
    public required bool IsRecent { get; init; }

    /// <summary>The newest first, by days.</summary>
    public ImmutableArray<AuditDay> Days { get; init; } = [];

    /// <summary>Why they could not be listed; null: they are.</summary>
    public string? Fault { get; init; }

    /// <summary>The page behind this one.</summary>
    public string? Next { get; init; }

    /// <summary>Where a proof of the object, or of all, is downloaded.</summary>
    public string Export => Object is null ? "/api/v1/audit/export" : $"/api/v1/audit/export?object={Uri.EscapeDataString(Object)}";
}
