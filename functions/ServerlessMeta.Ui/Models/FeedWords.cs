using ServerlessMeta.Audit;

namespace ServerlessMeta.Ui.Models;

/// <summary>Changes of the registry in words.</summary>
internal static class FeedWords
{
    /// <summary>What was done, to stand behind the name of who did it.</summary>
    public static string Of(AuditEntryView change)
    {
        var version = Detail(change, "version");
        return change.Action switch
        {
            "model.create" => "registered the model",
            "model.update" => $"changed the model's {Fields(change)}",
            "model.rename" => $"renamed it from {Detail(change, "from")} to {Detail(change, "to")}",
            "model.delete" => "deleted the model",
            "model.tag.set" => $"set the model's tag {Detail(change, "key")}",
            "model.tag.delete" => $"removed the model's tag {Detail(change, "key")}",
            "version.create" => $"registered version {version}",
            "version.update" => $"changed {Fields(change)} of version {version}",
            "version.delete" => $"deleted version {version}",
            "version.tag.set" => $"set tag {Detail(change, "key")} of version {version}",
            "version.tag.delete" => $"removed tag {Detail(change, "key")} of version {version}",
            "version.approve" => $"approved version {version}{For(change)}",
            "version.reject" => $"rejected version {version}{For(change)}",
            "version.withdraw" => $"withdrew what {(Detail(change, "of") is { Length: > 0 } other ? other : "they")} said of version {version}{For(change)}",
            "version.verify" => Detail(change, "faults") is "0" ? $"verified the files of version {version}: all are what was stored" : $"verified the files of version {version}: {Detail(change, "faults")} are not what was stored",
            "alias.set" or "alias.delete" or "stage.set" => Moves(change),
            "evaluation.record" => $"recorded an evaluation of version {version} on {Detail(change, "dataset")}{(Detail(change, "slice") is { Length: > 0 } slice ? $", {slice}" : "")}",
            "policy.set" => $"set policy {Detail(change, "policy")}, which guards {(Detail(change, "guards") is { Length: > 0 } guards ? guards : "nothing")}",
            "card.write" => $"wrote the card's part {Detail(change, "section")} for version {version}",
            var other => other,
        };
    }

    /// <summary>What the one who did it said about it; null: nothing.</summary>
    public static string? Comment(AuditEntryView change) => Detail(change, "comment") is { Length: > 0 } comment ? comment
        : change.Details.Where(static one => one.Key.StartsWith("override of ", StringComparison.Ordinal)).Select(static one => $"Overrode the policy: {one.Value}").FirstOrDefault();

    private static string Detail(AuditEntryView change, string name) => change.Details.GetValueOrDefault(name, "");

    private static string For(AuditEntryView change) => Detail(change, "for") is { Length: > 0 } target ? $" for {target}" : "";

    private static string Fields(AuditEntryView change) => string.Join(" and ", change.Details.Keys.Where(static name => name is "description" or "owner")) is { Length: > 0 } fields ? fields : "details";

    // "alias production": "1 -> 2", as the moves told it.
    private static string Moves(AuditEntryView change)
    {
        var moves = change.Details.Where(static one => one.Key.StartsWith("alias ", StringComparison.Ordinal) || one.Key.StartsWith("stage ", StringComparison.Ordinal))
            .Select(static one => (one.Key, Sides: one.Value.Split(" -> "))).Where(static one => one.Sides.Length == 2)
            .Select(static one => one.Sides switch
            {
                ["none", var to] => $"gave {one.Key} to version {to}",
                [var from, "none"] => $"took {one.Key} from version {from}",
                [var from, var to] => $"moved {one.Key} from version {from} to version {to}",
                _ => "",
            }).ToList();
        return moves.Count > 0 ? string.Join(", ", moves) : change.Action is "stage.set" ? $"moved version {Detail(change, "version")} to no stage" : change.Action;
    }
}
