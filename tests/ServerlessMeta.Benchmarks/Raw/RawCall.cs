using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Raw;

/// <summary>
/// A recorded storage call that is sent again and again, about another run: nothing but ready-made bytes, signed once. An If-Match is the ETag that the
/// call before returned, as a careful writer sends it.
/// </summary>
internal sealed class RawCall
{
    private const string Account = "devstoreaccount1";

    // The emulator's well-known key; not a secret.
    private static readonly byte[] Key = Convert.FromBase64String("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");
    private static readonly string[] Replaced = ["Host", "Authorization", "x-ms-date", "Date", "If-Match", "User-Agent", "x-ms-client-request-id", "traceparent", "Request-Id"];

    private readonly byte[] head;
    private readonly byte[] body;
    private readonly int[] runAt;
    private readonly int[] freshAt;
    private readonly int freshLength;
    private readonly bool isGuarded;
    private byte[] etag = "*"u8.ToArray();
    private byte[] request = [];

    /// <param name="recorded">What the store sent about <paramref name="run"/>.</param>
    /// <param name="other">The run, of an equally long id, that it is sent about.</param>
    /// <param name="fresh">Hexadecimal digits that are other ones each time: the key of a row that it adds.</param>
    public RawCall(RecordedRequest recorded, string run, string other, string? fresh = null)
    {
        var target = recorded.Target.Replace(run, other, StringComparison.Ordinal);
        var date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var resource = $"/{Account}{target.Split('?')[0]}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{date}\n{resource}")));
        var text = new StringBuilder($"{recorded.Method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-ms-date: {date}\r\nAuthorization: SharedKeyLite {Account}:{signature}\r\n");
        foreach (var (name, value) in recorded.Headers.Where(static header => !Replaced.Contains(header.Name, StringComparer.OrdinalIgnoreCase)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        isGuarded = recorded.Headers.Any(static header => header.Name.Equals("If-Match", StringComparison.OrdinalIgnoreCase));
        head = Encoding.ASCII.GetBytes(text.ToString());
        body = [.. recorded.Body];
        runAt = PlacesOf(run);
        (freshAt, freshLength) = fresh is null ? ([], 0) : (PlacesOf(fresh), fresh.Length);
        Compose();
        About(other);
    }

    public int Bytes => body.Length;

    /// <summary>A run id of the same experiment and partition that is not taken.</summary>
    public static string Another(string run) => run[..^10] + RandomNumberGenerator.GetHexString(10, lowercase: true);

    /// <summary>Changes the run in the body, in place: for transactions, whose target names no run.</summary>
    public void About(string run)
    {
        var start = request.Length - body.Length;
        foreach (var at in runAt)
        {
            Encoding.ASCII.GetBytes(run, request.AsSpan(start + at));
        }
    }

    public int Send(WireConnection connection)
    {
        if (freshLength > 0)
        {
            var digits = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(freshLength, lowercase: true));
            foreach (var at in freshAt)
            {
                digits.CopyTo(request, request.Length - body.Length + at);
            }
        }
        var status = connection.Exchange(request);
        if (status == 202 && connection.Body.IndexOf("HTTP/1.1 4"u8) >= 0)
        {
            return 409;
        }
        if (isGuarded && status < 300 && connection.Header("etag"u8) is { Length: > 0 } next)
        {
            if (next.Length == etag.Length)
            {
                next.CopyTo(request.AsSpan(head.Length + "If-Match: ".Length));
            }
            else
            {
                etag = next.ToArray();
                Compose();
            }
        }
        return status;
    }

    private int[] PlacesOf(string text)
    {
        var found = new List<int>();
        for (int from = 0, at; (at = body.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes(text))) >= 0; from += at + text.Length)
        {
            found.Add(from + at);
        }
        return [.. found];
    }

    private void Compose() => request = isGuarded
        ? [.. head, .. "If-Match: "u8, .. etag, .. "\r\n\r\n"u8, .. body]
        : [.. head, .. "\r\n"u8, .. body];
}
