using System.Text;
using ServerlessMeta.App.Messages;

namespace ServerlessMeta.Tests.App.Messages;

public sealed class MessageOutcomeTests
{
    private static readonly EventOutcome Applied = new(EventResult.Applied, 200, "HTTP_200", "");
    private static readonly EventOutcome Known = new(EventResult.Known, 409, "CLASH", "It was there.");
    private static readonly EventOutcome Refused = new(EventResult.Refused, 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=x not found");
    private static readonly EventOutcome Later = new(EventResult.Later, 503, "TEMPORARILY_UNAVAILABLE", "Storage did not answer; try again.");

    [Theory]
    [InlineData(200, "", true, false, "HTTP_200", "The operation was answered 200.")]
    [InlineData(201, """{"message":"no error"}""", true, false, "HTTP_201", "The operation was answered 201.")]
    [InlineData(400, """{"error_code":"INVALID_PARAMETER_VALUE","message":"Missing value"}""", false, false, "INVALID_PARAMETER_VALUE", "Missing value")]
    [InlineData(404, """{"type":"urn:x","title":"NOT_FOUND","status":404,"detail":"Model 'a' does not exist."}""", false, false, "NOT_FOUND", "Model 'a' does not exist.")]
    [InlineData(400, """{"title":"INVALID","detail":"first","errors":[{"field":"a","detail":"first"},{"field":"b","detail":"second"}]}""", false, false, "INVALID", "a: first b: second")]
    [InlineData(403, "", false, false, "HTTP_403", "The operation was answered 403.")]
    [InlineData(404, "<html>", false, false, "HTTP_404", "The operation was answered 404.")]
    [InlineData(404, "[]", false, false, "HTTP_404", "The operation was answered 404.")]
    [InlineData(408, "", false, true, "HTTP_408", "The operation was answered 408.")]
    [InlineData(429, """{"title":"BUSY","detail":"try again"}""", false, true, "BUSY", "try again")]
    [InlineData(499, "", false, true, "HTTP_499", "The operation was answered 499.")]
    [InlineData(500, "", false, true, "HTTP_500", "The operation was answered 500.")]
    [InlineData(503, "", false, true, "HTTP_503", "The operation was answered 503.")]
    public void An_answer_says_whether_it_was_applied_and_whether_another_try_may_help(int status, string body, bool isApplied, bool mayPass, string code, string detail)
    {
        var answer = OperationAnswer.Of(status, Encoding.UTF8.GetBytes(body));

        Assert.Equal((isApplied, mayPass, code, detail), (answer.IsApplied, answer.MayPass, answer.Code, answer.Detail));
    }

    [Fact]
    public void What_was_applied_now_or_before_is_complete() => Assert.IsType<MessageOutcome.Complete>(MessageEntry.OutcomeOf(Message(2, isBatch: true), [Applied, Known]));

    [Fact]
    public void A_message_of_which_anything_may_pass_later_comes_again() => Assert.IsType<MessageOutcome.Abandon>(MessageEntry.OutcomeOf(Message(3, isBatch: true), [Applied, Refused, Later]));

    [Fact]
    public void A_refused_event_makes_a_dead_letter_with_its_reason() =>
        Assert.Equal(new MessageOutcome.DeadLetter("RESOURCE_DOES_NOT_EXIST", "Run with id=x not found"), MessageEntry.OutcomeOf(Message(1, isBatch: false), [Refused]));

    [Fact]
    public void A_batch_names_the_events_that_were_refused() => Assert.Equal(
        new MessageOutcome.DeadLetter("RESOURCE_DOES_NOT_EXIST", "2 of 4 events were refused, the others applied: [1] id1 RESOURCE_DOES_NOT_EXIST: Run with id=x not found [3] id3 RESOURCE_DOES_NOT_EXIST: Run with id=x not found"),
        MessageEntry.OutcomeOf(Message(4, isBatch: true), [Applied, Refused, Known, Refused]));

    [Fact]
    public void What_cannot_be_read_is_a_dead_letter() =>
        Assert.Equal(new MessageOutcome.DeadLetter("NOT_JSON", "why"), MessageEntry.OutcomeOf(new IngestMessage([], false, new EventRefusal("NOT_JSON", "why")), []));

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    public void A_description_has_up_to_4_kib_and_whole_characters(int bytes, bool isCut)
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", (bytes - 1) / 4)) + new string('y', (bytes - 1) % 4);

        var dead = Assert.IsType<MessageOutcome.DeadLetter>(MessageEntry.OutcomeOf(Message(1, isBatch: false), [new EventOutcome(EventResult.Refused, 400, "INVALID", text)]));

        Assert.InRange(Encoding.UTF8.GetByteCount(dead.Description), 4000, 4096);
        Assert.Equal(isCut, dead.Description.EndsWith("...", StringComparison.Ordinal));
        Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(dead.Description)));
    }

    [Fact]
    public void An_abandoned_message_waits_longer_each_time_up_to_half_a_minute() => Assert.Equal(
        [1, 2, 4, 8, 16, 30, 30, 30], new[] { 1, 2, 3, 4, 5, 6, 10, 1000 }.Select(static count => (int)MessageEntry.WaitBeforeAbandoning(count, [new MessageOutcome.Abandon()]).TotalSeconds));

    [Fact]
    public void It_waits_but_shortly_where_others_went_through() => Assert.Equal(
        [1, 2, 2], new[] { 1, 2, 9 }.Select(static count => (int)MessageEntry.WaitBeforeAbandoning(count, [new MessageOutcome.Abandon(), new MessageOutcome.Complete()]).TotalSeconds));

    private static IngestMessage Message(int events, bool isBatch) =>
        new([.. Enumerable.Range(0, events).Select(static i => new IngestEvent("s", FormattableString.Invariant($"id{i}"), "t", null, default, null))], isBatch, null);
}
