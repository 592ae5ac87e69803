using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.Access;
using ServerlessMeta.Comments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Comments;

public sealed class CommentTests
{
    private static readonly Gen<CommentSubject> Subject = Gen.OneOf<CommentSubject>(
        Gen.Long[0, ExperimentId.Highest].Select(static number => (CommentSubject)new CommentSubject.OfExperiment(new ExperimentId(number))),
        Gen.Long[1, ExperimentId.Highest].Select(static number => (CommentSubject)new CommentSubject.OfRun(RunId.New(new ExperimentId(number), 4, DateTimeOffset.UnixEpoch))),
        Gen.Int[1, int.MaxValue].Select(static number => (CommentSubject)new CommentSubject.OfModel(number)),
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue]).Select(static pair => (CommentSubject)new CommentSubject.OfVersion(pair.Item1, pair.Item2)));

    [Theory]
    [InlineData("@ada", "ada")]
    [InlineData("Thanks, @Ada!", "ada")]
    [InlineData("@ada@example.org.", "ada@example.org")]
    [InlineData("(@ada), @grace: @ada again", "ada grace")]
    [InlineData("**@ada** and _@grace_", "ada grace")]
    [InlineData("@ada's", "ada")]
    [InlineData("line\n@ada\r\n- @grace", "ada grace")]
    [InlineData("ada@example.org", "")]
    [InlineData("a/@ada", "")]
    [InlineData("@", "")]
    [InlineData("@@ada", "")]
    [InlineData("@-ada", "")]
    [InlineData("@\u0430da", "")]
    [InlineData("\\@ada", "")]
    [InlineData("`@ada` but @grace", "grace")]
    [InlineData("``a ` @ada`` @grace", "grace")]
    [InlineData("a lone ` and @ada", "ada")]
    [InlineData("```\n@ada\n```\n@grace", "grace")]
    [InlineData("~~~ py\n@ada\n```\n@ada\n~~~~\n@grace", "grace")]
    [InlineData("```@ada```", "")]
    [InlineData("```\n@ada", "")]
    public void Who_is_mentioned(string text, string names) => Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), MentionNames.In(text));

    [Fact]
    public void Mentions_in_any_text_are_names_each_once() => Gen.String[Gen.OneOf(Gen.Char["@`~\\ \nab._-#"], Gen.Char), 0, 200].Sample(static text =>
    {
        var names = MentionNames.In(text);
        return names.All(static name => CallerName.Read(name) == name) && names.Distinct(StringComparer.Ordinal).Count() == names.Length;
    });

    [Fact]
    public void Subjects_are_named_and_keyed_so_that_they_are_found_again() => Subject.Sample(static subject =>
        CommentSubject.Read(subject.Name) == subject && CommentKeys.SubjectOf(CommentKeys.ObjectKey(subject)) == subject && CommentKeys.SubjectOfComment(CommentKeys.Comment(subject, 7)) == subject);

    [Fact]
    public void No_subjects_key_begins_with_anothers() => Gen.Select(Subject, Subject).Sample(static (one, other) =>
        one == other || !CommentKeys.ObjectKey(one).StartsWith(CommentKeys.ObjectKey(other), StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("run:0")]
    [InlineData("experiment:-1")]
    [InlineData("experiment:01")]
    [InlineData("model:0")]
    [InlineData("model:99999999999")]
    [InlineData("model:1:1")]
    [InlineData("version:1")]
    [InlineData("version:1:x")]
    [InlineData("token:1")]
    public void Other_names_name_nothing(string name) => Assert.Null(CommentSubject.Read(name));

    [Fact]
    public void Keys_are_legal_and_lie_in_order() => Gen.Select(Subject, Gen.Long[1, CommentKeys.MaxNumber], Gen.Long[1, CommentKeys.MaxNumber], Gen.Long[0, 4_000_000_000_000], Gen.Long[0, 4_000_000_000_000]).Sample(static (subject, one, other, early, late) =>
    {
        foreach (var key in new[] { CommentKeys.Subject(subject), CommentKeys.Comment(subject, one), CommentKeys.Claim(subject, "ada", "k/\\#?"), At(early) })
        {
            TableLimits.Weigh(new(CommentKeys.Partition, key));
        }
        Assert.Equal(Math.Sign(one.CompareTo(other)), Math.Sign(string.CompareOrdinal(CommentKeys.Comment(subject, one), CommentKeys.Comment(subject, other))));
        Assert.Equal(Math.Sign(late.CompareTo(early)), Math.Sign(string.CompareOrdinal(At(early), At(late))));
        var (from, below) = CommentKeys.Mentions("ada");
        Assert.True(string.CompareOrdinal(from, At(early)) < 0 && string.CompareOrdinal(At(early), below) < 0 && CommentKeys.IsPlace(At(early)[from.Length..]));

        string At(long milliseconds) => CommentKeys.Mention("ada", DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), subject, one);
    });

    [Fact]
    public void A_row_round_trips_any_comment() =>
        Gen.Select(Subject, Gen.Long[1, CommentKeys.MaxNumber], Gen.String[0, 2000].Where(static text => !text.Any(char.IsSurrogate)), Gen.Long[0, 4_000_000_000_000], Gen.Bool).Sample(static (subject, number, text, at, whole) =>
        {
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(at);
            var comment = new Comment
            {
                Subject = subject, Number = number, Author = "ada", CreatedAt = instant, Revision = number, Text = whole ? text : null, ReplyTo = whole ? number : null,
                EditedAt = whole ? instant : null, DeletedAt = whole ? null : instant, DeletedBy = whole ? null : "grace", Mentions = whole ? [new Mention("ada", instant), new Mention("grace", DateTimeOffset.UnixEpoch)] : [],
            };
            var row = CommentRow.From(comment);
            TableLimits.Weigh(row);
            var back = CommentRow.To(row);
            return back.Mentions.SequenceEqual(comment.Mentions) && back with { Mentions = comment.Mentions } == comment;
        });

    [Fact]
    public void A_comment_of_the_highest_size_fits_with_all_its_mentions()
    {
        var comment = new Comment { Subject = new CommentSubject.OfModel(1), Number = 1, Author = "ada", CreatedAt = DateTimeOffset.UnixEpoch, Revision = 1, Text = new string('\u00e9', Comment.TextBytes / 2), Mentions = [new Mention("ada", DateTimeOffset.UnixEpoch)] };

        Assert.True(TableLimits.Fit([CommentRow.From(comment), .. Enumerable.Repeat(MentionRow.From(comment, comment.Mentions[0]), 40)]));
    }

    [Fact]
    public void An_excerpt_is_never_cut_within_a_character()
    {
        var comment = new Comment { Subject = new CommentSubject.OfModel(1), Number = 1, Author = "ada", CreatedAt = DateTimeOffset.UnixEpoch, Revision = 1, Text = new string('a', 299) + "\U0001F600 and more" };

        Assert.Equal(new string('a', 299) + "...", MentionRow.To(MentionRow.From(comment, new Mention("ada", DateTimeOffset.UnixEpoch))).Excerpt);
    }

    [Fact]
    public void Who_stays_mentioned_was_mentioned_when_it_was_first_said()
    {
        var comment = new Comment { Subject = new CommentSubject.OfModel(1), Number = 1, Author = "ada", CreatedAt = DateTimeOffset.UnixEpoch, Revision = 1, Text = "@ada @grace", Mentions = [new Mention("ada", DateTimeOffset.UnixEpoch), new Mention("grace", DateTimeOffset.UnixEpoch)] };
        var later = DateTimeOffset.UnixEpoch.AddDays(1);

        var edited = comment.Edit("@alan @grace", ["alan", "grace"], later);

        Assert.Equal([new Mention("alan", later), new Mention("grace", DateTimeOffset.UnixEpoch)], edited.Mentions);
        Assert.Equal((2, later), (edited.Revision, edited.EditedAt));
    }

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Comments/CommentKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToImmutableArray();

        Assert.Equal(4, drawing.Length);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
