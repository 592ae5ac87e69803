namespace ServerlessMeta.Environments;

/// <summary>The addresses of repositories.</summary>
internal static class GitRemote
{
    private static readonly string[] ShellSchemes = ["ssh", "git+ssh", "ssh+git"];

    /// <summary>
    /// An address without the user's name and password: <c>https://user:token@host/x</c> is <c>https://host/x</c>. A name alone is no secret to ssh, and part of the address:
    /// <c>ssh://git@host/x</c> and <c>git@host:x</c> stay.
    /// </summary>
    public static string WithoutSecrets(string address)
    {
        for (var scheme = address.IndexOf("://", StringComparison.Ordinal); scheme >= 0; scheme = address.IndexOf("://", scheme + 3, StringComparison.Ordinal))
        {
            var start = scheme + 3;
            var end = address.IndexOfAny(['/', '?', '#', ' '], start);
            var at = address.LastIndexOf('@', (end < 0 ? address.Length : end) - 1);
            if (at < start)
            {
                continue;
            }
            var user = address[start..at];
            var isKept = ShellSchemes.Any(name => address[..scheme].EndsWith(name, StringComparison.OrdinalIgnoreCase));
            address = $"{address[..start]}{(isKept ? $"{user.Split(':')[0]}@" : "")}{address[(at + 1)..]}";
        }
        return address;
    }
}
