using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Reproduction;

namespace ServerlessMeta.Policies;

/// <summary>Judges the conditions of a gate by what is known of a version. What is not known is not met.</summary>
internal static class GateRules
{
    /// <summary>Who approved the version as it is, for the gate.</summary>
    public static ImmutableArray<string> ApprovedBy(Gate gate, GateFacts facts) =>
        gate.Approvals is { } wanted ? [.. Standing.Of(facts.Approvals, gate.Target).Approvals.Where(one => Counts(wanted, one, facts)).Select(static one => one.By)] : [];

    public static ImmutableArray<ConditionResult> Judge(Gate gate, MetricDirections directions, GateFacts facts)
    {
        var results = ImmutableArray.CreateBuilder<ConditionResult>();
        var standing = Standing.Of(facts.Approvals, gate.Target);
        if (gate.Approvals is { } approvals)
        {
            results.Add(Approved(approvals, standing, facts));
        }
        results.Add(NotRejected(standing));
        results.AddRange(gate.Evaluations.Select(condition => Evaluation(condition, facts)));
        results.AddRange(gate.NotWorseThanHolder.Select(condition => NotWorse(condition, directions, facts)));
        if (gate.NoOpenDriftAlert)
        {
            results.Add(Drift(facts));
        }
        if (gate.Reproducible)
        {
            results.Add(Reproducible(facts));
        }
        if (gate.VerifiedWithinHours is { } hours)
        {
            results.Add(Verified(hours, facts));
        }
        if (gate.NeedsOwner)
        {
            results.Add(Said("owner", facts.Version.Owner ?? facts.Model.Owner));
        }
        if (gate.NeedsDescription)
        {
            results.Add(Said("description", facts.Version.Description ?? facts.Model.Description));
        }
        return results.ToImmutable();
    }

    private static ConditionResult Approved(ApprovalCondition wanted, Standing standing, GateFacts facts)
    {
        var counted = standing.Approvals.Where(one => Counts(wanted, one, facts)).ToList();
        var reasons = new List<string>();
        Reason(standing.Approvals.Count(one => one.Content != facts.Content!.Digest), "of other content: the version's files are no longer those that were approved");
        Reason(standing.Approvals.Count(one => one.Role < wanted.Role), $"by less than {Roles.WordOf(wanted.Role)}");
        Reason(wanted.NotByAuthor ? standing.Approvals.Count(one => IsAuthor(one, facts)) : 0, "by the author");
        var given = counted.Count == 0 ? "none" : $"{Text(counted.Count)} ({string.Join(", ", counted.Select(static one => one.By))})";
        return new ConditionResult(
            $"{(wanted.Count is 1 ? "approval of 1 person" : $"approvals of {Text(wanted.Count)} persons")}{(wanted.NotByAuthor ? " other than the author" : "")}{(wanted.Role is Role.Admin ? " with role admin" : "")}",
            counted.Count >= wanted.Count ? ConditionState.Met : ConditionState.Unmet,
            reasons.Count == 0 ? given : $"{given}; not counted: {string.Join(", ", reasons)}",
            [.. counted.Select(EvidenceOf)]);

        void Reason(int count, string why)
        {
            if (count > 0)
            {
                reasons.Add($"{Text(count)} {why}");
            }
        }
    }

    // Whatever content it was said of, a rejection stands until it is taken back.
    private static ConditionResult NotRejected(Standing standing) => new(
        "no rejection",
        standing.Rejections.IsEmpty ? ConditionState.Met : ConditionState.Unmet,
        standing.Rejections.IsEmpty ? "none" : $"rejected by {string.Join(", ", standing.Rejections.Select(static one => one.By))}",
        [.. standing.Rejections.Select(EvidenceOf)]);

    private static bool Counts(ApprovalCondition wanted, Approval one, GateFacts facts) =>
        one.Content == facts.Content!.Digest && one.Role >= wanted.Role && !(wanted.NotByAuthor && IsAuthor(one, facts));

    private static bool IsAuthor(Approval one, GateFacts facts) => one.ByAuthor || Standing.Persons.Equals(one.By, facts.Version.Author);

    private static string EvidenceOf(Approval one) => $"approval:{one.Id.ToString(CultureInfo.InvariantCulture)}";

    private static ConditionResult Evaluation(EvaluationCondition condition, GateFacts facts)
    {
        var words = $"evaluation {condition}";
        if (facts.Measured.Find(condition.Dataset, condition.Digest, condition.Slice, condition.Metric) is not { } found)
        {
            return new ConditionResult(words, ConditionState.Unmet, "not evaluated", []);
        }
        ImmutableArray<string> evidence = [EvidenceOf(found)];
        var number = condition.Bound switch { MetricBound.Low => found.Metric.Low, MetricBound.High => found.Metric.High, _ => found.Metric.Value };
        if (number is not { } value)
        {
            return new ConditionResult(words, ConditionState.Unknown, $"{Text(found.Metric.Value)}, without that end of a confidence interval", evidence);
        }
        if (condition.LeastCount is { } least && !(found.Metric.Count >= least))
        {
            return new ConditionResult(
                words, found.Metric.Count is null ? ConditionState.Unknown : ConditionState.Unmet, $"{Text(value)}, on {(found.Metric.Count is { } count ? Text(count) : "an unknown number of")} samples", evidence);
        }
        return new ConditionResult(words, Comparators.Holds(condition.Comparator, value, condition.Value) ? ConditionState.Met : ConditionState.Unmet, Text(value), evidence);
    }

    private static ConditionResult NotWorse(HolderCondition condition, MetricDirections directions, GateFacts facts)
    {
        var words = $"{condition.Metric} not worse than the holder's by more than {Text(condition.By)} on {condition.Dataset}{(condition.Slice is null ? "" : $" slice {condition.Slice}")}";
        if (facts.Holder is not { } holder)
        {
            return new ConditionResult(words, ConditionState.Met, "no version holds it", []);
        }
        if (holder == facts.Version.Number)
        {
            return new ConditionResult(words, ConditionState.Met, facts.HasHolderLeft ? "it is the last that held it" : "it is the holder", []);
        }
        if (facts.HeldBy is { } decision)
        {
            // Whoever rolls back flees from the holder, which came because it measured better.
            return new ConditionResult(words, ConditionState.Met, "it held this before; a rollback is not compared with what it replaces", [$"decision:{decision}"]);
        }
        var who = $"the {(facts.HasHolderLeft ? "last " : "")}holder";
        var (mine, its) = Measurements.FindBoth(facts.Measured, facts.HolderMeasured, condition.Dataset, condition.Digest, condition.Slice, condition.Metric);
        ImmutableArray<string> evidence = [.. new[] { mine, its }.Where(static one => one is not null).Select(static one => EvidenceOf(one!))];
        if (mine is null)
        {
            return new ConditionResult(words, ConditionState.Unmet, "not evaluated", evidence);
        }
        if (its is null)
        {
            return new ConditionResult(words, ConditionState.Unknown, $"{who}, version {Text(holder)}, is not evaluated so", evidence);
        }
        if (mine.Evaluation.Content.Digest != its.Evaluation.Content.Digest)
        {
            return new ConditionResult(words, ConditionState.Unknown, $"{who}, version {Text(holder)}, was measured on another content of {condition.Dataset}", evidence);
        }
        if (directions.Find(condition.Metric).HigherIsBetter is not { } higher)
        {
            return new ConditionResult(words, ConditionState.Unknown, "the policy does not say whether more is better", evidence);
        }
        var gain = higher ? MetricComparison.Subtract(mine.Metric.Value, its.Metric.Value) : MetricComparison.Subtract(its.Metric.Value, mine.Metric.Value);
        return new ConditionResult(words, gain >= -condition.By ? ConditionState.Met : ConditionState.Unmet, $"{Text(mine.Metric.Value)}, {who}'s (version {Text(holder)}) {Text(its.Metric.Value)}", evidence);
    }

    private static ConditionResult Drift(GateFacts facts) => facts.Alerts switch
    {
        null => new ConditionResult("no open drift alert", ConditionState.Unknown, "no drift monitoring is there", []),
        [] => new ConditionResult("no open drift alert", ConditionState.Met, "none", []),
        var open => new ConditionResult("no open drift alert", ConditionState.Unmet, $"{Text(open.Count)} open", [.. open.Take(20).Select(static id => $"alert:{id}")]),
    };

    private static ConditionResult Reproducible(GateFacts facts)
    {
        const string Words = "reproducible";
        if (facts.Version.Run is not { } run)
        {
            return new ConditionResult(Words, ConditionState.Unmet, "the version has no run", []);
        }
        ImmutableArray<string> evidence = [$"run:{run}"];
        return facts.Reproducibility switch
        {
            null => new ConditionResult(Words, ConditionState.Unknown, "the run is gone, or its environment", evidence),
            { Verdict: Verdict.Reproducible } => new ConditionResult(Words, ConditionState.Met, "the run can be run again", evidence),
            var judged => new ConditionResult(
                Words, ConditionState.Unmet,
                $"{judged.Verdict.ToString().ToLowerInvariant()}: {string.Join(' ', judged.Parts.Where(static part => part.Status is not PartStatus.Present && part.Part is not ("params" or "seed")).Select(static part => $"{part.Part}: {part.Detail}"))}",
                evidence),
        };
    }

    private static ConditionResult Verified(int hours, GateFacts facts)
    {
        var words = $"hashes verified within {Text(hours)} hours";
        if (facts.Content!.Files is null)
        {
            return new ConditionResult(words, ConditionState.Unknown, "the version's files lie outside of this store", []);
        }
        if (facts.Verification is not { } last)
        {
            return new ConditionResult(words, ConditionState.Unmet, "never verified; POST .../verifications does", []);
        }
        ImmutableArray<string> evidence = [$"verification:{last.Id.ToString(CultureInfo.InvariantCulture)}"];
        return last.Faults > 0 ? new ConditionResult(words, ConditionState.Unmet, $"{Text(last.Faults)} of {Text(last.Files)} files are not what was stored: {string.Join(", ", last.Broken.Take(5))}", evidence)
            : last.Content != facts.Content.Digest ? new ConditionResult(words, ConditionState.Unmet, "files have changed since; POST .../verifications again", evidence)
            : last.At < facts.At.AddHours(-hours) ? new ConditionResult(words, ConditionState.Unmet, $"last at {last.At.ToString("u", CultureInfo.InvariantCulture)}; POST .../verifications again", evidence)
            : new ConditionResult(words, ConditionState.Met, $"{Text(last.Files)} files at {last.At.ToString("u", CultureInfo.InvariantCulture)}", evidence);
    }

    private static ConditionResult Said(string what, string? text) =>
        new($"{(what == "owner" ? "an owner" : "a description")}", string.IsNullOrWhiteSpace(text) ? ConditionState.Unmet : ConditionState.Met, string.IsNullOrWhiteSpace(text) ? "neither version nor model has one" : "there", []);

    private static string EvidenceOf(Measured measured) => $"evaluation:{measured.Evaluation.Id}";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
