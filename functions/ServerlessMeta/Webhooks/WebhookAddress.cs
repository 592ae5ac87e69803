using System.Net;
using System.Net.Sockets;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// Which receivers may be called, so that a webhook cannot make the store call its own machine, its network, or the cloud's metadata. What a URL says is judged when the
/// webhook is made; what its host resolves to, each time it is called, by the address that is connected to (<see cref="WebhookSender"/>).
/// </summary>
internal static class WebhookAddress
{
    private static readonly IPNetwork[] Inner =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Azure's own: platform services of the host are behind a public-looking address.
            "168.63.129.16/32",
        }.Select(static network => IPNetwork.Parse(network)),
    ];

    // What is global among the addresses of version 6, and what in it is not.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotGlobal = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(static network => IPNetwork.Parse(network))];
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What is wrong with a URL; null: nothing that can be told without resolving its host.</summary>
    public static Failure.Invalid? Check(string url, WebhooksOptions options)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return new Failure.Invalid("url", $"Webhook URL cannot be empty or just whitespace: '{url}'");
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || url.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
        {
            return new Failure.Invalid("url", "Webhook URL is no absolute URL.");
        }
        var isSecure = address.Scheme == Uri.UriSchemeHttps;
        if (!isSecure && !(address.Scheme == Uri.UriSchemeHttp && (options.AllowHttp || (options.AllowPrivateAddresses && address.IsLoopback))))
        {
            return new Failure.Invalid("url", $"Invalid webhook URL scheme: '{address.Scheme}'. Allowed schemes are: {(options.AllowHttp ? "http, https" : "https")}.");
        }
        if (address.IdnHost.Length == 0)
        {
            return new Failure.Invalid("url", "Webhook URL must include a hostname.");
        }
        if (address.UserInfo.Length > 0)
        {
            return new Failure.Invalid("url", "Webhook URL must not include a user name or a password: use the secret.");
        }
        if (options.AllowPrivateAddresses)
        {
            return null;
        }
        // The parser has made 127.1, 0x7f000001 and the like one form.
        var isInner = IPAddress.TryParse(address.IdnHost, out var literal) ? !IsPublic(literal) : IsLocalName(address.IdnHost);
        return isInner ? new Failure.Invalid("url", $"Webhook URL must not resolve to a non-public IP address: '{address.IdnHost}'.") : null;
    }

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            return !Inner.Any(network => network.Contains(address));
        }
        // Forms of version 6 that stand for one of version 4 are as public as that is.
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address))
        {
            return IsPublic(new IPAddress(bytes.AsSpan(2, 4)));
        }
        if (Translated.Contains(address))
        {
            return IsPublic(new IPAddress(bytes.AsSpan(12, 4)));
        }
        return address.ScopeId == 0 && Global.Contains(address) && !NotGlobal.Any(network => network.Contains(address));
    }

    private static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
