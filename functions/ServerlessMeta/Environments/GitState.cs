namespace ServerlessMeta.Environments;

/// <summary>The code that a run ran, by git.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Remote">From where it is cloned.</param>
/// <param name="Branch">The branch at the time.</param>
/// <param name="Diff">What was changed and not committed.</param>
/// <param name="Dirty">Whether anything was; null when nobody said.</param>
public sealed record GitState(string? Commit, string? Remote, string? Branch, string? Diff, bool? Dirty)
{
    public static readonly GitState None = new(null, null, null, null, null);

    /// <summary>From where it is cloned, whoever has the right to: without a name or a password that came with it.</summary>
    public string? Remote { get; init => field = value is null ? null : GitRemote.WithoutSecrets(value); } = Remote is null ? null : GitRemote.WithoutSecrets(Remote);

    /// <summary>This, and what it leaves open from another.</summary>
    internal GitState Or(GitState other) => new(Commit ?? other.Commit, Remote ?? other.Remote, Branch ?? other.Branch, Diff ?? other.Diff, Dirty ?? other.Dirty);
}
