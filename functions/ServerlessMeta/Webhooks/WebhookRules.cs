using System.Text.RegularExpressions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>What a webhook may be called, and how long its texts may be.</summary>
internal static partial class WebhookRules
{
    private const int UrlLength = 500;
    private const int DescriptionLength = 1000;
    private const int SecretLength = 1000;

    public static Failure.Invalid? Check(string? name, string? url, string? description, string? secret, WebhooksOptions options)
    {
        if (name is not null && !Name.IsMatch(name))
        {
            return new Failure.Invalid("name",
                $"Webhook name '{Shown(name)}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).");
        }
        return (url is null ? null : Length("url", url, UrlLength) ?? WebhookAddress.Check(url, options))
            ?? Length("description", description, DescriptionLength)
            ?? Length("secret", secret, SecretLength);
    }

    private static Failure.Invalid? Length(string field, string? text, int length) =>
        text?.Length > length ? new Failure.Invalid(field, $"'{field}' exceeds the maximum length of {length} characters") : null;

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text.AsSpan(0, 100)}...";

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name { get; }
}
