using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Ui.Models;

/// <summary>What a policy asks for, in sentences.</summary>
internal static class GateWords
{
    public static IEnumerable<string> Of(Gate gate)
    {
        if (gate.Approvals is { } approvals)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{(approvals.Count == 1 ? "One person approves" : $"{approvals.Count} persons approve")} it{(approvals.NotByAuthor ? (approvals.Count == 1 ? ", who did not register it" : ", none of whom registered it") : "")}{(approvals.Role is Role.Admin ? ", as administrators" : "")}; nobody rejects it.");
        }
        else
        {
            yield return "Nobody rejects it.";
        }
        foreach (var condition in gate.Evaluations)
        {
            yield return $"An evaluation says {condition}.";
        }
        foreach (var condition in gate.NotWorseThanHolder)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Its {condition.Metric} on {condition.Dataset}{(condition.Slice is null ? "" : $", slice {condition.Slice},")} is not worse than that of the version that holds it{(condition.By > 0 ? $", by more than {condition.By:R}" : "")}.");
        }
        if (gate.VerifiedWithinHours is { } hours)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Its files were read again and compared within {hours} hours.");
        }
        foreach (var (isAsked, sentence) in (IEnumerable<(bool, string)>)
        [
            (gate.NoOpenDriftAlert, "No drift alert of it is open."),
            (gate.Reproducible, "Its run can be run again."),
            (gate.NeedsOwner, "Somebody owns it, or the model."),
            (gate.NeedsDescription, "It, or the model, has a description."),
            (gate.KeepHolder, "It is never left without a version: it is taken only by giving it to another."),
        ])
        {
            if (isAsked)
            {
                yield return sentence;
            }
        }
    }

    /// <summary><c>alias production</c>, <c>stage Production</c>.</summary>
    public static string Name(GateTarget target) => target.Alias is { } alias ? $"alias {alias}" : $"stage {target.Stage}";

    /// <summary>The same of a target's text.</summary>
    public static string Name(string target) => target.Replace(':', ' ');
}
