using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using CsCheck;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Tests.Audit;

/// <summary>Laws of chains: what the store writes is sound, and no single change of it is.</summary>
public sealed class ChainLaws
{
    private const string Home = "x|object";
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private static readonly Gen<string> GenText = Gen.OneOf(Gen.String[0, 40], Gen.String[0, 40].Select(static text => text + "\ud83d\ude00\n\u2028\"\\<"), Gen.String[600, 700]);

    /// <summary>Commits of one to four entries, each by a caller, each changing one of two rows.</summary>
    private static readonly Gen<(string By, string Detail, bool Beside)[][]> GenCommits = Gen.Select(GenText, GenText, Gen.Bool).Array[1, 4].Array[1, 8];

    [Fact]
    public void A_line_reads_as_what_was_written() => Gen.Select(GenText, GenText, GenText, Gen.Long[1, AuditKeys.LastNumber]).Sample(static (by, key, value, number) =>
    {
        var entry = new AuditEntry
        {
            Object = "run:" + by,
            Number = number,
            At = Start,
            By = Whole(by),
            Source = "local",
            Action = "a.b",
            Name = Whole(value),
            Details = [KeyValuePair.Create(Whole(key), Whole(value))],
            Rows = [new RowChange("r|1", null, "00"), new RowChange("r|2", "00", null)],
            Previous = AuditEntry.NoPrevious,
        };
        entry = entry with { Object = Whole(entry.Object) };
        var line = AuditLine.Write(entry);
        var read = AuditLine.Read(line);
        return !line.Contains((byte)'\n') && !line.Contains((byte)'\r') && AuditLine.Write(read).AsSpan().SequenceEqual(line)
            && read with { Details = [], Rows = [] } == entry with { Details = [], Rows = [] } && read.Details.SequenceEqual(entry.Details) && read.Rows.SequenceEqual(entry.Rows);
    });

    [Fact]
    public void Keys_of_entries_sort_the_newest_first_and_tell_their_numbers() => Gen.Select(Gen.Long[1, AuditKeys.LastNumber], Gen.Long[1, AuditKeys.LastNumber]).Sample(static (one, other) =>
        AuditKeys.NumberOf(AuditKeys.Entry("o", one)) == one && AuditKeys.ObjectOf(AuditKeys.Entry("a|b", one)) == "a|b" && AuditKeys.IsEntry(AuditKeys.Entry("o", one))
        && AuditKeys.EntryOf(AuditKeys.ByTime(Start, "o", one)) == AuditKeys.Entry("o", one)
        && Math.Sign(string.CompareOrdinal(AuditKeys.Entry("o", one), AuditKeys.Entry("o", other))) == -one.CompareTo(other));

    [Fact]
    public void What_the_store_writes_is_sound() => GenCommits.Sample(static commits => Check(Chain(commits)).Length == 0);

    [Fact]
    public void No_byte_of_an_entry_can_be_changed() => Gen.Select(GenCommits, Gen.UInt, Gen.Int[1, 255]).Sample(static (commits, place, by) =>
    {
        var state = Chain(commits);
        var commit = (int)(place % (uint)state.Commits.Length);
        var bytes = state.Commits[commit].Bytes.ToArray();
        bytes[place / 7 % bytes.Length] ^= (byte)by;
        return Check(state with { Commits = state.Commits.SetItem(commit, new AuditCommit(state.Commits[commit].First, bytes)) }).Length > 0;
    });

    [Fact]
    public void No_commit_can_be_taken_away_or_put_in_twice() => Gen.Select(GenCommits, Gen.UInt).Sample(static (commits, place) =>
    {
        var state = Chain(commits);
        var commit = state.Commits[(int)(place % (uint)state.Commits.Length)];
        var gone = Check(state with { Commits = state.Commits.Remove(commit) });
        var twice = Check(state with { Commits = state.Commits.Add(new AuditCommit(commit.First + 1, commit.Bytes)) });
        return twice.Length > 0 && gone.Any(found => found.Entry == commit.First && found.Fault == (commit.Last == state.Head.Number ? AuditFault.TailCut : AuditFault.EntryRemoved));
    });

    [Fact]
    public void No_row_can_be_changed_added_or_taken_away() => Gen.Select(GenCommits, Gen.UInt).Sample(static (commits, place) =>
    {
        var state = Chain(commits);
        var row = state.Digests.Keys.Order(StringComparer.Ordinal).ElementAt((int)(place % (uint)state.Digests.Count));
        return Named(state.Digests.SetItem(row, new string('0', 64)), AuditFault.RowChanged, row)
            && Named(state.Digests.Remove(row), AuditFault.RowRemoved, row)
            && Named(state.Digests.Add("x|new", new string('0', 64)), AuditFault.RowInserted, "x|new");

        bool Named(ImmutableDictionary<string, string> digests, AuditFault fault, string which) => Check(state with { Digests = digests }) is [var found] && found.Fault == fault && found.Row == which;
    });

    [Fact]
    public void No_head_can_be_moved() => Gen.Select(GenCommits, Gen.Long[0, 40], Gen.Bool).Sample(static (commits, number, keep) =>
    {
        var state = Chain(commits);
        var head = new AuditHead(number, keep ? state.Head.Hash : SHA256.HashData([1]), Start);
        return (number == state.Head.Number && keep) == (Check(state with { Head = head }).Length == 0);
    });

    [Fact]
    public void A_seal_holds_for_every_longer_chain_and_for_no_other() => Gen.Select(GenCommits, Gen.UInt).Sample(static (commits, place) =>
    {
        var state = Chain(commits);
        var (line, at) = state.Commits.SelectMany(static commit => commit.Lines.Select((line, i) => (line, commit.First + i))).ElementAt((int)(place % (uint)state.Head.Number));
        var seal = new AuditSeal(7, at, AuditEntry.HexOf(line.Span));
        return ChainCheck.Check(state, [seal]).Length == 0
            && ChainCheck.Check(state, [seal with { Hash = new string('0', 64) }]) is [{ Fault: AuditFault.Rewritten }]
            && ChainCheck.Check(state, [seal, new AuditSeal(8, state.Head.Number + 1, seal.Hash)]) is [{ Fault: AuditFault.ShorterThanSealed }];
    });

    [Fact]
    public void A_forged_number_costs_no_time()
    {
        var state = Chain([[("a", "b", false)]]);

        Assert.NotEmpty(Check(state with { Commits = state.Commits.Add(new AuditCommit(AuditKeys.LastNumber, state.Commits[0].Bytes)), Head = new AuditHead(AuditKeys.LastNumber, state.Head.Hash, Start) }));
        Assert.NotEmpty(Check(state with { Commits = state.Commits.Add(new AuditCommit(AuditKeys.LastNumber, state.Commits[0].Bytes)), Home = null }));
    }

    [Fact]
    public void Entries_that_are_too_large_lose_their_words_and_never_their_rows()
    {
        var trail = new AuditTrail("o", "run:o", AuditHead.None);
        var rows = Enumerable.Range(0, 60).Select(static n => new RowChange(string.Create(CultureInfo.InvariantCulture, $"x|{n}"), null, new string('0', 64))).ToList();
        trail.Record(Caller.Store, Start, "run.log", rows, new string('n', 5000), Enumerable.Range(0, 100).Select(static n => KeyValuePair.Create($"{n}" + new string('\u20ac', 600), new string('\ud800', 600))));

        var entry = Assert.Single(AuditCommit.Of(trail.Rows("p", "w").First()).Entries)!;

        Assert.Equal(rows, entry.Rows);
        Assert.StartsWith("and ", entry.Details[^1].Value);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_make_an_entry_older_than_the_one_before()
    {
        var trail = new AuditTrail("o", "run:o", new AuditHead(3, new byte[32], Start));
        trail.Record(Caller.Store, Start.AddDays(-1), "run.log", []);

        Assert.Equal(Start, trail.Head.At);
    }

    private static ImmutableArray<AuditFinding> Check(AuditedState state) => ChainCheck.Check(state, []);

    // As UTF-8 keeps it: a lone surrogate is stored as U+FFFD.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static AuditedState Chain((string By, string Detail, bool Beside)[][] commits)
    {
        var digests = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
        var head = AuditHead.None;
        var stored = new List<TableEntity>();
        foreach (var commit in commits)
        {
            var trail = new AuditTrail("object", "x:object", head);
            foreach (var (by, detail, beside) in commit)
            {
                var row = beside && digests.ContainsKey(Home) ? $"{Home}|beside" : Home;
                var after = RowDigest.Of(new TableEntity { ["n"] = trail.Head.Number, ["t"] = detail });
                trail.Record(new Caller(by, Role.Writer, "local"), Start, "x.change", [new RowChange(row, digests.GetValueOrDefault(row), after)], null, KeyValuePair.Create("detail", detail));
                digests = digests.SetItem(row, after);
            }
            stored.Add(trail.Rows("p", "w").First());
            head = trail.Head;
        }
        return new AuditedState("x:object", head, Home, digests, [.. stored.Select(AuditCommit.Of)]);
    }
}
