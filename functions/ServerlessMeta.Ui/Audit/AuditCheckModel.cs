using ServerlessMeta.Audit;

namespace ServerlessMeta.Ui.Audit;

/// <summary>What a verification found.</summary>
/// <param name="Object">Of one object; null: of the whole store, a part of it.</param>
/// <param name="Report">What was found; null: see the fault.</param>
/// <param name="Next">The next part's page; null: this is the last.</param>
/// <param name="Fault">Why nothing was verified.</param>
public sealed record AuditCheckModel(string? Object, AuditReport? Report, string? Next, string? Fault);
