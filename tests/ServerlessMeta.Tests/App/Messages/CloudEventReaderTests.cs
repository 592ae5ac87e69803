using System.Text;
using System.Text.Json;
using ServerlessMeta.App.Messages;

namespace ServerlessMeta.Tests.App.Messages;

public sealed class CloudEventReaderTests
{
    private const string Structured = "application/cloudevents+json; charset=utf-8";
    private const string Batched = "application/cloudevents-batch+json";
    private const string Whole = """{"specversion":"1.0","id":"1","source":"/jobs/a","type":"t","subject":"s","time":"2026-01-31T12:00:00Z","datacontenttype":"application/json","traceparent":"00-1","data":{"x":1.50}}""";

    [Theory]
    [InlineData(Structured)]
    [InlineData("application/json")]
    [InlineData(null)]
    public void An_object_is_one_event_whatever_the_sender_calls_it(string? contentType)
    {
        var one = Assert.Single(Read(Whole, contentType).Events);

        Assert.Equal(("/jobs/a", "1", "t", "s", null), (one.Source, one.Id, one.Type, one.Subject, one.Refusal));
        Assert.Equal("""{"x":1.50}""", one.Data.GetRawText());
    }

    [Fact]
    public void A_text_that_a_client_wrote_as_json_is_read_as_what_it_says() =>
        Assert.Equal("1", Assert.Single(Read(JsonSerializer.Serialize(Whole), Structured).Events).Id);

    [Theory]
    [InlineData(Batched)]
    [InlineData(null)]
    public void A_list_is_a_batch_in_which_each_event_stands_for_itself(string? contentType)
    {
        var read = Read($"[{Whole},7,{Whole.Replace("\"id\":\"1\",", "", StringComparison.Ordinal)}]", contentType);

        Assert.True(read.IsBatch);
        Assert.Equal([null, "NOT_A_CLOUD_EVENT", "NOT_A_CLOUD_EVENT"], read.Events.Select(static one => one.Refusal?.Code));
        Assert.Equal("id: it is needed.", read.Events[2].Refusal!.Detail);
        Assert.Equal("/jobs/a", read.Events[2].Source);
    }

    [Theory]
    [InlineData("cloudEvents:")]
    [InlineData("cloudEvents_")]
    [InlineData("ce-")]
    [InlineData("ce_")]
    [InlineData("CE-")]
    public void Attributes_may_stand_beside_the_data(string prefix)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [prefix + "specversion"] = "1.0", [prefix + "id"] = 17, [prefix + "source"] = new Uri("urn:a"), [prefix + "type"] = "t", [prefix + "time"] = DateTime.UnixEpoch, ["other"] = "x",
        };

        var one = Assert.Single(Read("""{"x":1}""", "application/json", properties).Events);

        Assert.Equal(("urn:a", "17", "t", null), (one.Source, one.Id, one.Type, one.Refusal));
        Assert.Equal(1, one.Data.GetProperty("x").GetInt32());
    }

    [Fact]
    public void A_structured_event_is_not_changed_by_properties_beside_it() =>
        Assert.Equal("1", Assert.Single(Read(Whole, Structured, new Dictionary<string, object?>(StringComparer.Ordinal) { ["ce-id"] = "2" }).Events).Id);

    [Fact]
    public void Data_may_come_as_base64()
    {
        var encoded = Convert.ToBase64String("""{"x":2}"""u8);

        var one = Assert.Single(Read(Whole.Replace("""
            "data":{"x":1.50}
            """, $"\"data_base64\":\"{encoded}\"", StringComparison.Ordinal), Structured).Events);

        Assert.Equal(2, one.Data.GetProperty("x").GetInt32());
    }

    [Theory]
    [InlineData("", Structured, "NOT_JSON", "The body is no JSON")]
    [InlineData("{", Structured, "NOT_JSON", "The body is no JSON")]
    [InlineData("plain words", null, "NOT_JSON", "The body is no JSON")]
    [InlineData("""{"id":"1","id":"2"}""", Structured, "NOT_JSON", "The body is no JSON")]
    [InlineData("""{"id":"\ud800"}""", Structured, "NOT_JSON", "a lone surrogate")]
    [InlineData("""{"\ud800":1,"id":"x"}""", Structured, "NOT_JSON", "The body")]
    [InlineData(""" "{\"specversion\":\"1.0\",\"id\":\"\\ud800\"}" """, Structured, "NOT_JSON", "The body")]
    [InlineData("\"plain words\"", Structured, "NOT_JSON", "The body is no JSON")]
    [InlineData("7", Structured, "NOT_A_CLOUD_EVENT", "An event is a JSON object.")]
    [InlineData("[]", Structured, "NOT_A_CLOUD_EVENT", "An event is a JSON object.")]
    [InlineData("[]", Batched, "NOT_A_CLOUD_EVENT", "The batch is empty.")]
    [InlineData("{}", Batched, "NOT_A_CLOUD_EVENT", "A batch of events is a JSON list.")]
    [InlineData("{}", "application/cloudevents+avro", "NOT_A_CLOUD_EVENT", "This is application/cloudevents+avro.")]
    [InlineData("{}", "text/plain", "NOT_A_CLOUD_EVENT", "This is text/plain.")]
    [InlineData("null", null, "NOT_A_CLOUD_EVENT", "This is of no content type.")]
    public void What_is_no_event_is_refused_whole(string body, string? contentType, string code, string part)
    {
        var read = Read(body, contentType);

        Assert.Empty(read.Events);
        Assert.Equal(code, read.Refusal!.Code);
        Assert.Contains(part, read.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Equal("NOT_JSON", CloudEventReader.Read(Message(BinaryData.FromBytes(new byte[] { 0xff, 0xfe, 0x00 }), Structured), 1000).Refusal!.Code);

    [Fact]
    public void All_that_is_wrong_with_an_event_is_said_at_once() => Assert.Equal(
        "source: a text is expected. specversion: 1.0 is expected, not 0.3. source: it is needed. id: it is needed. type: up to 1024 characters are expected, none of them a control character. data: a JSON object is expected, the body of the operation's request.",
        Assert.Single(Read("""{"specversion":"0.3","id":null,"source":7,"type":"a\u0007","data":"text"}""", Structured).Events).Refusal!.Detail);

    [Fact]
    public void Data_of_another_type_than_json_is_refused() => Assert.Equal(
        "datacontenttype: application/json is expected, not application/xml.",
        Assert.Single(Read(Whole.Replace("application/json", "application/xml", StringComparison.Ordinal), Structured).Events).Refusal!.Detail);

    [Fact]
    public void Data_that_is_given_twice_or_is_no_base64_is_refused() => Assert.All(
        [Whole.Replace("\"data\"", "\"data_base64\":\"e30=\",\"data\"", StringComparison.Ordinal), Whole.Replace("\"data\":{\"x\":1.50}", "\"data_base64\":\"%\"", StringComparison.Ordinal)],
        static body => Assert.StartsWith("data_base64: base64 is expected, and no data beside it.", Assert.Single(Read(body, Structured).Events).Refusal!.Detail, StringComparison.Ordinal));

    [Fact]
    public void A_message_has_its_largest_size_and_no_byte_more()
    {
        var body = Whole + new string(' ', CloudEventReader.BusBytes - Encoding.UTF8.GetByteCount(Whole));

        Assert.Null(Read(body, Structured).Refusal);
        Assert.Equal("TOO_LARGE", Read(body + " ", Structured).Refusal!.Code);
    }

    [Fact]
    public void Depth_is_bounded() =>
        Assert.Equal("NOT_JSON", Read(Whole.Replace("1.50", new string('[', 100_000) + new string(']', 100_000), StringComparison.Ordinal), Structured).Refusal!.Code);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a%20b%E2%82%AC", "a b€")]
    [InlineData("\"quoted \\\" %41\"", "quoted \" A")]
    [InlineData("\"", "\"")]
    [InlineData("100%", "100%")]
    public void Headers_are_decoded(string sent, string meant) => Assert.Equal(meant, EventAttributes.OfHeader(sent));

    private static IngestMessage Read(string body, string? contentType, Dictionary<string, object?>? properties = null) =>
        CloudEventReader.Read(Message(BinaryData.FromString(body), contentType, properties), CloudEventReader.BusBytes);

    private static IncomingMessage Message(BinaryData body, string? contentType, Dictionary<string, object?>? properties = null) =>
        new("q", "m", null, contentType, body, 1, properties ?? new Dictionary<string, object?>(StringComparer.Ordinal));
}
