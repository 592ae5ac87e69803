using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// The one way out: posts payloads to receivers. An address is judged when it is connected to, so a host that resolved to another one before gains nothing; redirects,
/// cookies and proxies are not followed; an answer is waited for so long only, and of it so much read.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const int BodyBytes = 4096;
    private readonly WebhooksOptions options;
    private readonly WebhookWords words;
    private readonly WebhookSecrets secrets;
    private readonly TimeProvider time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly HttpClient http;

    /// <param name="options">What may be called, and how long it has.</param>
    /// <param name="words">The names of the headers.</param>
    /// <param name="secrets">Opens what signs.</param>
    /// <param name="time">The time that is signed.</param>
    /// <param name="resolve">Finds the addresses of a host; null: by DNS.</param>
    public WebhookSender(WebhooksOptions options, WebhookWords words, WebhookSecrets secrets, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (this.options, this.words, this.secrets, this.time, this.resolve) = (options, words, secrets, time, resolve ?? Dns.GetHostAddressesAsync);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = BodyBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends JSON.</summary>
    public Task<SendResult> SendAsync(Webhook webhook, string delivery, byte[] payload, bool readBody, CancellationToken ct) => SendAsync(webhook, delivery, payload, readBody, null, ct);

    /// <param name="webhook">To whom.</param>
    /// <param name="delivery">The id that the receiver gets.</param>
    /// <param name="payload">What is sent.</param>
    /// <param name="readBody">Whether the beginning of the answer's body is wanted.</param>
    /// <param name="contentType">What the payload is; null: JSON.</param>
    /// <param name="ct">The instance stops.</param>
    public async Task<SendResult> SendAsync(Webhook webhook, string delivery, byte[] payload, bool readBody, string? contentType, CancellationToken ct)
    {
        if (WebhookAddress.Check(webhook.Url, options) is { } wrong)
        {
            return new SendResult(null, wrong.Problem) { IsRefused = true };
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType ?? "application/json");
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation(words.Delivery, delivery);
        request.Headers.TryAddWithoutValidation(words.Timestamp, timestamp);
        request.Headers.TryAddWithoutValidation("User-Agent", "ServerlessMeta");
        if (!webhook.Secret.IsEmpty)
        {
            if (secrets.Open(webhook.Id, webhook.Secret) is not { } secret)
            {
                // Never unsigned.
                return new SendResult(null, "The webhook's secret cannot be read: it was stored with another Webhooks:SecretKey.");
            }
            request.Headers.TryAddWithoutValidation(words.Signature, Sign(secret, delivery, timestamp, payload));
        }
        // A receiver's time is real time, whatever clock the store has.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new SendResult((int)response.StatusCode)
            {
                RetryAfter = RetryAfter(response.Headers.RetryAfter),
                Body = readBody ? await ReadBodyAsync(response, either.Token) : null,
            };
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException || (failed is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return failed is OperationCanceledException ? new SendResult(null, $"No answer within {options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)} seconds.")
                : failed.GetBaseException() is AddressRefusedException refused ? new SendResult(null, refused.Message) { IsRefused = true }
                : new SendResult(null, $"No answer: {(failed as HttpRequestException)?.HttpRequestError.ToString() ?? failed.GetType().Name}.");
        }
    }

    public void Dispose() => http.Dispose();

    internal static string Sign(byte[] secret, string delivery, string timestamp, byte[] payload)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{delivery}.{timestamp}."), .. payload];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, ct);
        if (!options.AllowPrivateAddresses && !addresses.All(WebhookAddress.IsPublic))
        {
            throw new AddressRefusedException(host);
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        (header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null)) is { } wait && wait > TimeSpan.Zero ? wait : null;

    // An answer whose body breaks off is an answer.
    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var (buffer, length) = (new byte[BodyBytes], 0);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            while (length < buffer.Length && await body.ReadAsync(buffer.AsMemory(length), ct) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // What came is what there is.
        }
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
