using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Webhooks;

public sealed class WebhooksOptions
{
    public const string Section = "Webhooks";

    /// <summary>Whether receivers may have private, loopback and link-local addresses: on a laptop, or in a network that trusts whoever may create webhooks.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Whether receivers may be reached by http; those on loopback may, when private addresses are allowed.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>A key of 32 bytes in base64, with which the secrets of webhooks are encrypted (AES-GCM). Without it they are kept as they are, in storage that Azure encrypts.</summary>
    [RegularExpression("^[A-Za-z0-9+/]{43}=$")]
    public string? SecretKey { get; init; }

    /// <summary>How long a receiver has for its answer, in seconds.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>How long the log of deliveries is kept, in days.</summary>
    [Range(2, 3650)]
    public int LogDays { get; init; } = 30;
}
