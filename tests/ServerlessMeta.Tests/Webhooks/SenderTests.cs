using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Tests.Webhooks;

/// <summary>Which connections are made at all: a listener on loopback counts them.</summary>
public sealed class SenderTests : IDisposable
{
    private static readonly WebhookWords Words = new("Signature", "Timestamp", "Delivery");
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public SenderTests() => listener.Start();

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("8.8.8.8,127.0.0.1")]
    public async Task A_name_that_resolves_inside_is_not_connected_to(string addresses)
    {
        using var sender = Sender((_, _) => Task.FromResult(addresses.Split(',').Select(IPAddress.Parse).ToArray()), new WebhooksOptions { AllowHttp = true });

        var result = await SendAsync(sender, $"http://receiver.example:{Port}/");

        Assert.Equal((null, true, "'receiver.example' resolves to an address that is not public."), (result.HttpStatus, result.IsRefused, result.Error));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_name_that_resolves_to_another_address_later_is_judged_again()
    {
        var options = new WebhooksOptions { AllowHttp = true, TimeoutSeconds = 1 };
        var answers = new Queue<IPAddress>([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]);
        using var sender = Sender((_, _) => Task.FromResult(new[] { answers.Dequeue() }), options);

        var (first, second) = (await SendAsync(sender, $"http://receiver.example:{Port}/"), await SendAsync(sender, $"http://receiver.example:{Port}/"));

        Assert.True(first.IsRefused && second.IsRefused);
        Assert.Empty(answers);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_url_that_was_taken_under_other_options_is_judged_again()
    {
        using var sender = Sender(null, new WebhooksOptions());

        var result = await SendAsync(sender, $"http://127.0.0.1:{Port}/");

        Assert.True(result.IsRefused);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task What_cannot_be_resolved_or_connected_to_may_be_tried_again()
    {
        using var nameless = Sender(static (_, _) => throw new SocketException((int)SocketError.HostNotFound), new WebhooksOptions { AllowHttp = true });
        using var open = Sender(null, new WebhooksOptions { AllowPrivateAddresses = true });
        var port = Port;
        listener.Stop();

        var (unresolved, refused) = (await SendAsync(nameless, "http://receiver.example/"), await SendAsync(open, $"http://127.0.0.1:{port}/"));

        Assert.All([unresolved, refused], static result => Assert.True(result is { HttpStatus: null, IsRefused: false } && result.Error!.StartsWith("No answer", StringComparison.Ordinal), result.Error));
    }

    [Fact]
    public async Task What_speaks_no_http_is_no_answer()
    {
        using var sender = Sender(null, new WebhooksOptions { AllowPrivateAddresses = true });
        var speaking = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("SSH-2.0-x\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);

        var result = await SendAsync(sender, $"http://127.0.0.1:{Port}/");
        await speaking;

        Assert.Null(result.HttpStatus);
        Assert.StartsWith("No answer", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_is_that_of_the_protocol() =>
        Assert.Equal("v1,490pAcC1LQ1k1cOcmH0da199+A88OKCj0Io4WnJlp68=", WebhookSender.Sign("secret"u8.ToArray(), "id", "1", "{}"u8.ToArray()));

    private static Task<SendResult> SendAsync(WebhookSender sender, string url) => sender.SendAsync(
        new Webhook { Id = WebhookId.New(DateTimeOffset.UnixEpoch), Name = "w", Url = url, Events = [], CreatedAt = default, UpdatedAt = default }, 1.ToString(CultureInfo.InvariantCulture), "{}"u8.ToArray(), true, TestContext.Current.CancellationToken);

    private static WebhookSender Sender(Func<string, CancellationToken, Task<IPAddress[]>>? resolve, WebhooksOptions options) => new(options, Words, new WebhookSecrets(null), TimeProvider.System, resolve);
}
