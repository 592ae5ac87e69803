using System.Text.Json;

namespace ServerlessMeta.Audit;

/// <summary>A fault in an answer; its kind as words with dashes, as <c>row-changed</c>.</summary>
public sealed record AuditFindingView(string Object, string Fault, string Detail, long? Entry, string? Row)
{
    internal static AuditFindingView Of(AuditFinding found) => new(found.Object, WordOf(found.Fault), found.Detail, found.Entry, found.Row);

    public static string WordOf(AuditFault fault) => JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString());
}
