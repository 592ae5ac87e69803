using System.Net;
using CsCheck;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Tests.Webhooks;

public sealed class AddressTests
{
    private static readonly WebhooksOptions Strict = new();

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.9")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("100::1")]
    public void An_inner_address_is_not_public(string address) => Assert.False(WebhookAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::200e")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void An_address_of_the_internet_is_public(string address) => Assert.True(WebhookAddress.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void An_address_is_as_public_as_its_mapped_form() => Gen.UInt.Sample(static number =>
    {
        var address = new IPAddress(BitConverter.GetBytes(number));
        return WebhookAddress.IsPublic(address) == WebhookAddress.IsPublic(address.MapToIPv6());
    });

    [Theory]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://127.1/x")]
    [InlineData("https://2130706433/x")]
    [InlineData("https://0x7f000001/x")]
    [InlineData("https://0177.0.0.1/x")]
    [InlineData("https://169.254.169.254/metadata/instance")]
    [InlineData("https://[::1]/x")]
    [InlineData("https://[::ffff:10.0.0.1]/x")]
    [InlineData("https://localhost/x")]
    [InlineData("https://LOCALHOST./x")]
    [InlineData("https://a.localhost/x")]
    public void A_url_with_an_inner_host_is_refused_unless_allowed(string url)
    {
        Assert.Contains("non-public IP address", WebhookAddress.Check(url, Strict)!.Problem, StringComparison.Ordinal);
        Assert.Null(WebhookAddress.Check(url, new WebhooksOptions { AllowPrivateAddresses = true }));
    }

    [Theory]
    [InlineData("", "cannot be empty")]
    [InlineData("   ", "cannot be empty")]
    [InlineData("hook", "no absolute URL")]
    [InlineData("//example.com/x", "scheme")]
    [InlineData("https://", "no absolute URL")]
    [InlineData("https:///x", "no absolute URL")]
    [InlineData("https://example.com/a b", "no absolute URL")]
    [InlineData("https://example.com/\r\nX: y", "no absolute URL")]
    [InlineData("http://example.com/", "Invalid webhook URL scheme: 'http'. Allowed schemes are: https.")]
    [InlineData("http://127.0.0.1/", "Invalid webhook URL scheme")]
    [InlineData("file:///etc/passwd", "Invalid webhook URL scheme: 'file'")]
    [InlineData("gopher://example.com/", "Invalid webhook URL scheme")]
    [InlineData("https://user:password@example.com/", "must not include a user name or a password")]
    [InlineData("https://user@example.com/", "must not include a user name or a password")]
    public void A_bad_url_is_refused(string url, string problem) => Assert.Contains(problem, WebhookAddress.Check(url, Strict)!.Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://example.com/", true, false)]
    [InlineData("http://127.0.0.1:5000/", false, true)]
    [InlineData("http://localhost:5000/", false, true)]
    [InlineData("https://example.com:8443/a?b=c#d", false, false)]
    [InlineData("https://bücher.example/", false, false)]
    public void A_good_url_is_taken(string url, bool allowHttp, bool allowPrivate) =>
        Assert.Null(WebhookAddress.Check(url, new WebhooksOptions { AllowHttp = allowHttp, AllowPrivateAddresses = allowPrivate }));

    [Fact]
    public void Plain_http_into_the_network_needs_both_options() =>
        Assert.NotNull(WebhookAddress.Check("http://10.0.0.1/", new WebhooksOptions { AllowPrivateAddresses = true }));

    [Fact]
    public void No_text_makes_the_check_throw() => Gen.String.Sample(static text =>
    {
        _ = WebhookAddress.Check(text, Strict);
        _ = WebhookAddress.Check("https://" + text, Strict);
        _ = WebhookAddress.Check($"https://xn--{text}.example/", Strict);
        _ = WebhookAddress.Check($"https://example.com/{text}", Strict);
    });
}
