using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Approvals;

/// <summary>Reads the body of an approval and finds every fault in it.</summary>
internal static class ApprovalBody
{
    private const int LongestComment = 5000;
    private const int LongestTarget = 300;

    /// <returns>What is said, or its faults.</returns>
    public static (NewApproval? Wanted, IReadOnlyList<Failure.Invalid> Faults) Read(JsonElement body)
    {
        var faults = new List<Failure.Invalid>();
        var members = new BodyReader(body, "", faults, "decision", "comment", "for", "by");
        var word = members.NeedText("decision", 20);
        ApprovalDecision? decision = word switch { "approve" => ApprovalDecision.Approve, "reject" => ApprovalDecision.Reject, "withdraw" => ApprovalDecision.Withdraw, _ => null };
        if (word is not null && decision is null)
        {
            members.Refuse("decision", "A decision is one of approve, reject, withdraw.");
        }
        var text = members.Text("for", LongestTarget);
        var target = text is null ? null : GateTarget.Parse(text);
        if (text is not null && target is null)
        {
            members.Refuse("for", GateTarget.Problem);
        }
        var comment = members.Text("comment", LongestComment, lines: true);
        var of = members.Text("by", LongestTarget);
        if (of is not null && (decision is not ApprovalDecision.Withdraw || string.IsNullOrWhiteSpace(comment)))
        {
            members.Refuse("by", "Only withdraw, and with a comment, takes back what another said.");
        }
        return faults.Count == 0 ? (new NewApproval(decision!.Value, comment, target, of), []) : (null, faults);
    }
}
