using System.Text.RegularExpressions;

namespace ServerlessMeta.Ui.Parts;

/// <summary>Addresses of commits and of their differences at the hosts whose addresses are known; null for others.</summary>
internal static partial class CodeHost
{
    public static string? CommitAt(string? repository, string? commit) => Find(repository) is not { } found || !IsCommit(commit) ? null : found.Host switch
    {
        "bitbucket.org" => $"{found.Root}/commits/{commit}",
        "dev.azure.com" => $"{found.Root}/commit/{commit}",
        var host when IsGitLab(host) => $"{found.Root}/-/commit/{commit}",
        _ => $"{found.Root}/commit/{commit}",
    };

    public static string? DifferenceAt(string? repository, string? from, string? to) => Find(repository) is not { } found || !IsCommit(from) || !IsCommit(to) || from == to ? null : found.Host switch
    {
        "bitbucket.org" => $"{found.Root}/branches/compare/{to}%0D{from}#diff",
        "dev.azure.com" => $"{found.Root}/branchCompare?baseVersion=GC{from}&targetVersion=GC{to}",
        var host when IsGitLab(host) => $"{found.Root}/-/compare/{from}...{to}",
        _ => $"{found.Root}/compare/{from}...{to}",
    };

    /// <summary>As people write a commit: its first digits.</summary>
    public static string Short(string commit) => IsCommit(commit) ? commit[..Math.Min(commit.Length, 10)] : commit;

    private static bool IsCommit(string? text) => text is not null && CommitPattern.IsMatch(text);

    private static bool IsGitLab(string host) => host == "gitlab.com" || host.StartsWith("gitlab.", StringComparison.Ordinal);

    private static (string Host, string Root)? Find(string? repository)
    {
        var match = AddressPattern.Match(repository ?? "");
        if (!match.Success)
        {
            return null;
        }
        var (host, path) = (match.Groups["host"].Value.ToLowerInvariant(), match.Groups["path"].Value.TrimEnd('/'));
        path = path.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
        return host is "github.com" or "bitbucket.org" or "codeberg.org" or "dev.azure.com" || IsGitLab(host) ? (host, $"https://{host}/{path}") : null;
    }

    [GeneratedRegex(@"^(?:(?:https?|ssh|git)://(?:[^@/\s]+@)?|[\w.-]+@)(?<host>[A-Za-z0-9.-]+)(?::\d+(?=/))?[:/](?<path>[\w.~%+-]+(?:/[\w.~%+-]+)+/?)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddressPattern { get; }

    [GeneratedRegex(@"^[0-9a-f]{7,64}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex CommitPattern { get; }
}
