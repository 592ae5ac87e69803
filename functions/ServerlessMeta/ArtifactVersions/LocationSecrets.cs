using System.Text.RegularExpressions;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What must not be kept of a location, for everyone who sees the artifact sees it: passwords and tokens before the host, and signatures.</summary>
internal static partial class LocationSecrets
{
    public static bool IsIn(string location) => UserPattern.IsMatch(location) || SignaturePattern.IsMatch(location);

    /// <summary>The location without them. A signed query goes whole: what else is in it (times, permissions) belongs to the signature, and would make every signing another location.</summary>
    public static string Drop(string location)
    {
        var bare = UserPattern.Replace(location, "${scheme}");
        return SignaturePattern.IsMatch(bare) ? bare[..bare.IndexOfAny(['?', '&'])] : bare;
    }

    // Before the host of a web address anything may be a token; elsewhere (abfss://container@account) only what has a password.
    [GeneratedRegex(@"^(?<scheme>(?:[a-z0-9+.\-]*\+)?https?://)[^/?#]*@|^(?<scheme>[a-z][a-z0-9+.\-]*://)[^/?#@]*:[^/?#]*@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UserPattern { get; }

    [GeneratedRegex(@"[?&](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token|access_token)=", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex SignaturePattern { get; }
}
