using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;
using ServerlessMeta.Tests.House;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Tests.Policies;

/// <summary>Keys of what is recorded of models.</summary>
public sealed class KeyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Theory]
    [InlineData("Evaluations/EvaluationKeys", 2)]
    [InlineData("Approvals/ApprovalKeys", 1)]
    [InlineData("Verifications/VerificationKeys", 1)]
    [InlineData("Policies/PolicyKeys", 1)]
    [InlineData("Policies/DecisionKeys", 1)]
    [InlineData("ModelCards/CardSectionKeys", 1)]
    public void The_architecture_draws_them(string keys, int count)
    {
        var drawing = Repository.Read($"functions/ServerlessMeta/{keys}.cs").Split('\n').SkipWhile(static line => line != "/// <code>").Skip(1).TakeWhile(static line => line != "/// </code>").Select(static line => line[4..]).ToList();

        Assert.Equal(count, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_row_has_a_letter_of_its_own()
    {
        List<(string Letter, string Feature)> drawn = [];
        foreach (var keys in (string[])["Models/ModelKeys", "Evaluations/EvaluationKeys", "Approvals/ApprovalKeys", "Verifications/VerificationKeys", "Policies/PolicyKeys", "Policies/DecisionKeys", "ModelCards/CardSectionKeys"])
        {
            var lines = Repository.Read($"functions/ServerlessMeta/{keys}.cs").Split('\n').SkipWhile(static line => line != "/// <code>").Skip(1).TakeWhile(static line => line != "/// </code>");
            drawn.AddRange(lines.Select(static line => line["/// ".Length..].Split('|', ' ')[0]).Distinct().Select(letter => (letter, keys)));
        }

        Assert.True(drawn.Count > 14);
        Assert.All(drawn, static one => Assert.Equal(1, one.Letter.Length));
        // Claims share one; they are no records.
        Assert.Equal(["i"], drawn.GroupBy(static one => one.Letter).Where(static letter => letter.Count() > 1).Select(static letter => letter.Key));
        Assert.All(drawn.Where(static one => one.Feature != "Models/ModelKeys" && one.Letter != "i"), static one => Assert.Contains(one.Letter, ModelKeys.RecordLetters, StringComparison.Ordinal));
    }

    [Fact]
    public void What_came_later_stands_first_and_a_moment_begins_with_what_was_there()
    {
        foreach (var (key, range) in new (Func<DateTimeOffset, long, string> Key, Func<DateTimeOffset?, (string From, string Below)> Range)[]
        {
            ((at, revision) => EvaluationKeys.Evaluation(1, 2, at, revision), until => EvaluationKeys.Evaluations(1, 2, until)),
            ((at, revision) => ApprovalKeys.Approval(1, 2, at, revision), until => ApprovalKeys.Approvals(1, 2, until)),
            ((at, revision) => VerificationKeys.Verification(1, 2, at, revision), until => VerificationKeys.Verifications(1, 2, until)),
            ((at, revision) => DecisionKeys.Decision(1, at, revision, GateTarget.Parse("alias:a")!), until => DecisionKeys.Decisions(1, until)),
        })
        {
            Assert.True(string.CompareOrdinal(key(Now, 2), key(Now, 1)) < 0);
            Assert.True(string.CompareOrdinal(key(Now.AddMilliseconds(1), 1), key(Now, 9)) < 0);
            Assert.True(IsIn(key(Now, 1), range(null)) && IsIn(key(Now, 1), range(Now)) && IsIn(key(Now, 1), range(Now.AddDays(1))));
            Assert.False(IsIn(key(Now, 1), range(Now.AddMilliseconds(-1))));
        }

        static bool IsIn(string key, (string From, string Below) range) => string.CompareOrdinal(key, range.From) >= 0 && string.CompareOrdinal(key, range.Below) < 0;
    }

    [Fact]
    public void Records_are_audited_with_their_model_and_claims_are_not()
    {
        string[] records =
        [
            EvaluationKeys.Evaluation(12, 3, Now, 4), ApprovalKeys.Approval(12, 3, Now, 4), VerificationKeys.Verification(12, 3, Now, 4), PolicyKeys.Policy(12, 4),
            DecisionKeys.Decision(12, Now, 4, GateTarget.Parse("stage:Production")!),
        ];

        Assert.All(records, static key => Assert.True(ModelKeys.IsRecord(key)));
        Assert.All(records, static key => Assert.Equal(ModelKeys.ObjectKey(12), key.Split('|')[1]));
        Assert.False(ModelKeys.IsRecord(EvaluationKeys.Claim(12, 3, "id")));
        Assert.Equal(4, PolicyKeys.NumberOf(PolicyKeys.Policy(12, 4)));
    }

    [Theory]
    [InlineData("alias:production", "alias:production")]
    [InlineData("stage:PRODUCTION", "stage:Production")]
    [InlineData("alias:a b", null)]
    [InlineData("alias:", null)]
    [InlineData("stage:None", null)]
    [InlineData("stage:Archived", null)]
    [InlineData("production", null)]
    [InlineData("alias:Latest", null)]
    [InlineData("alias:v12", null)]
    [InlineData("alias:v12b", "alias:v12b")]
    public void Targets_are_read(string text, string? read) => Assert.Equal(read, GateTarget.Parse(text)?.ToString());
}
