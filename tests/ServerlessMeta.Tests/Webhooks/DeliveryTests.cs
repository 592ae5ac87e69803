using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessMeta.Tests.House;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Tests.Webhooks;

public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    private static readonly Gen<DateTimeOffset> Moment = Gen.Long[0, 99_999_999_999_999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static Delivery Queued { get; } = new() { Id = default, Webhook = default, EventId = "1-2-0", Event = "model_version.created", QueuedAt = Now };

    public static TheoryData<string> Events => [.. WebhookEvent.All.Select(static one => one.ToString())];

    [Fact]
    public void An_id_is_the_same_whoever_makes_it_and_tells_its_time() => Gen.Select(Moment, Gen.Long[1, 9_999_999_999]).Sample(static (at, revision) =>
    {
        var webhook = WebhookId.New(at);
        var id = DeliveryId.Of(webhook, $"1-{revision}-0", at);
        return id == DeliveryId.Of(webhook, $"1-{revision}-0", at) && id != DeliveryId.Of(webhook, $"1-{revision}-1", at) && id != DeliveryId.Of(WebhookId.New(at), $"1-{revision}-0", at)
            && id.At == at && DeliveryId.TryParse(id.ToString(), out var parsed) && parsed == id && Guid.Parse(id.ToString()).Version == 8;
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-8fff-8fff-ffffffffffff")]
    [InlineData("01A31A5C-507B-8111-8111-111111111111")]
    public void What_is_no_id_is_not_read(string? text) => Assert.False(DeliveryId.TryParse(text, out _));

    [Fact]
    public void Webhook_ids_round_trip_and_the_newest_sorts_first() => Gen.Select(Moment, Moment).Where(static (one, other) => one < other).Sample(static (one, other) =>
    {
        var (older, newer) = (WebhookId.New(one), WebhookId.New(other));
        return WebhookId.Parse(older.ToString(), null) == older && string.CompareOrdinal(newer.ToString(), older.ToString()) < 0;
    });

    [Fact]
    public void The_queue_has_the_events_of_a_model_in_their_order() => Gen.Select(Gen.Long[0, 9_999_999_999], Gen.Long[0, 9_999_999_999], Gen.Int[0, 99], Gen.Int[0, 99]).Sample(static (one, other, first, second) =>
    {
        var webhook = WebhookId.New(Now);
        var (left, right) = (WebhookKeys.Waiting(webhook, $"7-{one}-{first}"), WebhookKeys.Waiting(webhook, $"7-{other}-{second}"));
        return Math.Sign(string.CompareOrdinal(left, right)) == Math.Sign((one, first).CompareTo((other, second))) && WebhookKeys.WebhookOf(left) == webhook && WebhookKeys.ModelOf(left) == "0000000007";
    });

    [Fact]
    public void A_delivery_round_trips() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100], Gen.Bool, Gen.Byte.Array[0, 200_000]).Sample(static (status, attempts, wasTried, payload) =>
    {
        var webhook = WebhookId.New(Now);
        var delivery = Queued with
        {
            Webhook = webhook,
            Id = DeliveryId.Of(webhook, "1-2-0", Now),
            Status = (DeliveryStatus)status,
            Attempts = attempts,
            LastAttemptAt = wasTried ? Now : null,
            HttpStatus = wasTried ? 503 : null,
            Error = wasTried ? "e" : null,
            NextAttemptAt = wasTried ? null : Now,
        };
        var row = DeliveryRow.From(delivery, payload);
        return DeliveryRow.To(row) == delivery && DeliveryRow.PayloadOf(row).AsSpan().SequenceEqual(payload);
    }, iter: 50);

    [Theory]
    [InlineData(1, 8, 12)]
    [InlineData(2, 24, 36)]
    [InlineData(3, 96, 144)]
    [InlineData(4, 480, 720)]
    [InlineData(5, 1440, 2160)]
    [InlineData(6, 2880, 4320)]
    [InlineData(1000, 2880, 4320)]
    public void Waits_grow_with_chance(int attempts, int least, int most)
    {
        Assert.Equal(TimeSpan.FromSeconds(least), AttemptSchedule.WaitAfter(attempts, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(most), AttemptSchedule.WaitAfter(attempts, null, 1));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(60, 60)]
    [InlineData(100_000_000, 3600)]
    public void Retry_after_is_honoured_up_to_an_hour(int asked, int waited) => Assert.Equal(TimeSpan.FromSeconds(waited), AttemptSchedule.WaitAfter(1, TimeSpan.FromSeconds(asked), 0));

    [Theory]
    [InlineData(200, DeliveryStatus.Delivered)]
    [InlineData(299, DeliveryStatus.Delivered)]
    [InlineData(301, DeliveryStatus.Failed)]
    [InlineData(400, DeliveryStatus.Failed)]
    [InlineData(401, DeliveryStatus.Failed)]
    [InlineData(410, DeliveryStatus.Failed)]
    [InlineData(408, DeliveryStatus.Pending)]
    [InlineData(429, DeliveryStatus.Pending)]
    [InlineData(500, DeliveryStatus.Pending)]
    [InlineData(599, DeliveryStatus.Pending)]
    [InlineData(null, DeliveryStatus.Pending)]
    public void What_follows_from_an_answer(int? status, DeliveryStatus expected)
    {
        var after = AttemptSchedule.After(Queued, new SendResult(status, status is null ? "No answer." : null), Now, 0.5);

        Assert.Equal((expected, 1, Now, expected is DeliveryStatus.Pending, expected is DeliveryStatus.Delivered), (after.Status, after.Attempts, after.LastAttemptAt, after.NextAttemptAt is not null, after.Error is null));
    }

    [Fact]
    public void An_address_that_must_not_be_called_is_not_tried_again() =>
        Assert.Equal(DeliveryStatus.Failed, AttemptSchedule.After(Queued, new SendResult(null, "refused") { IsRefused = true }, Now, 0).Status);

    [Theory]
    [InlineData(86_399, DeliveryStatus.Pending)]
    [InlineData(86_400, DeliveryStatus.Failed)]
    public void A_delivery_lives_a_day(int seconds, DeliveryStatus expected) => Assert.Equal(expected, AttemptSchedule.After(Queued, new SendResult(500), Now.AddSeconds(seconds), 0).Status);

    [Theory]
    [MemberData(nameof(Events))]
    public void An_example_has_the_fields_of_its_event(string name)
    {
        var what = WebhookEvent.Find(name)!;

        var sent = JsonNode.Parse(WebhookPayload.Write(what, Now, WebhookPayload.Example(what)))!;

        var expected = what.ToString().Replace("registered_model", "model", StringComparison.Ordinal) switch
        {
            "model.created" or "prompt.created" => "name description tags",
            "model_version.created" => "name version source run_id description tags",
            "prompt_version.created" => "name version template description tags",
            "model_version_alias.created" or "prompt_alias.created" => "name alias version",
            "model_version_alias.deleted" or "prompt_alias.deleted" => "name alias",
            "prompt_tag.set" => "name key value",
            "prompt_tag.deleted" => "name key",
            var tag => tag.EndsWith(".set", StringComparison.Ordinal) ? "name version key value" : "name version key",
        };
        Assert.Equal($"{name} 2027-01-15T08:00:00.123000+00:00 {expected}", $"{sent["entity"]}.{sent["action"]} {sent["timestamp"]} {string.Join(' ', sent["data"]!.AsObject().Select(static field => field.Key))}");
    }

    [Fact]
    public void Events_of_models_have_tags_also_when_there_are_none() =>
        Assert.Equal("""{"name":"m","tags":{}}""", JsonNode.Parse(WebhookPayload.Write(WebhookEvent.All[0], Now, [new("name", "m")]))!["data"]!.ToJsonString());

    [Fact]
    public void A_secret_opens_under_its_key_and_for_its_webhook_only()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var (webhook, other) = (WebhookId.New(Now), WebhookId.New(Now));
        var (sealedOnce, sealedAgain) = (new WebhookSecrets(key).Seal(webhook, "sécret"), new WebhookSecrets(key).Seal(webhook, "sécret"));
        var plain = new WebhookSecrets(null).Seal(webhook, "sécret");

        Assert.Equal("sécret", Encoding.UTF8.GetString(new WebhookSecrets(key).Open(webhook, sealedOnce)!));
        Assert.Equal("sécret", Encoding.UTF8.GetString(new WebhookSecrets(key).Open(webhook, plain)!));
        Assert.NotEqual(sealedOnce, sealedAgain);
        Assert.NotEqual(plain, new WebhookSecrets("").Seal(webhook, "sécret"));
        Assert.Null(new WebhookSecrets(key).Open(other, sealedOnce));
        Assert.Null(new WebhookSecrets(null).Open(webhook, sealedOnce));
        Assert.Null(new WebhookSecrets(Convert.ToBase64String(new byte[32])).Open(webhook, sealedOnce));
        Assert.All(Enumerable.Range(0, sealedOnce.Length), length => Assert.Null(new WebhookSecrets(key).Open(webhook, sealedOnce[..length])));
        Assert.Empty(new WebhookSecrets(key).Seal(webhook, ""));
    }

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Webhooks/WebhookKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToList();

        Assert.Equal(5, drawing.Count);
        Assert.Contains(string.Join('\n', drawing), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
