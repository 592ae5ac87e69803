using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Webhooks;

/// <summary>32 hex digits: the time of creation, so that the newest sorts first, then chance.</summary>
public readonly partial record struct WebhookId : IParsable<WebhookId>
{
    private const long LastMillisecond = 99_999_999_999_999;
    private readonly string? text;

    private WebhookId(string text) => this.text = text;

    public static WebhookId New(DateTimeOffset at) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{LastMillisecond - at.ToUnixTimeMilliseconds():x12}{RandomNumberGenerator.GetHexString(20, lowercase: true)}"));

    public static WebhookId Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no webhook id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out WebhookId result)
    {
        var matches = s is not null && Pattern.IsMatch(s);
        result = matches ? new WebhookId(s!) : default;
        return matches;
    }

    public override string ToString() => text ?? throw new InvalidOperationException("No webhook id.");

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern { get; }
}
