using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>The tags by which a dialect's clients say what code a run ran, and in which image. Of several keys the first that a run has counts.</summary>
public sealed record EnvironmentWords
{
    public ImmutableArray<string> Commit { get; init; } = [];

    public ImmutableArray<string> Branch { get; init; } = [];

    public ImmutableArray<string> Remote { get; init; } = [];

    public ImmutableArray<string> Diff { get; init; } = [];

    public ImmutableArray<string> Dirty { get; init; } = [];

    /// <summary>The file or command that was run.</summary>
    public ImmutableArray<string> EntryPoint { get; init; } = [];

    public ImmutableArray<string> Image { get; init; } = [];

    /// <summary>A value of so many characters may have been cut.</summary>
    public int LongestValue { get; init; } = int.MaxValue;

    internal GitState GitOf(Run run) => new(
        Find(run, Commit), Find(run, Remote), Find(run, Branch), Find(run, Diff), Find(run, Dirty) is { } dirty ? dirty.Equals("true", StringComparison.OrdinalIgnoreCase) : null);

    /// <summary>Whether the diff comes from a tag that may have lost its end.</summary>
    internal bool MayBeCut(Run run) => Find(run, Diff) is { } diff && diff.Length >= LongestValue;

    /// <summary>It may be the address of a repository.</summary>
    internal string? EntryPointOf(Run run) => Find(run, EntryPoint) is { } entry ? GitRemote.WithoutSecrets(entry) : null;

    /// <summary>None for what names no image: it becomes a word of a command.</summary>
    internal string? ImageOf(Run run) => Find(run, Image) is { } image && EnvironmentRules.IsImage(image) ? image : null;

    /// <summary>Every value that counts: changes when what is read here changes.</summary>
    internal IEnumerable<Tag> AllOf(Run run) =>
        Commit.Concat(Branch).Concat(Remote).Concat(Diff).Concat(Dirty).Concat(EntryPoint).Concat(Image)
            .Select(key => new Tag(key, TagOf(run, key) ?? "")).Where(static tag => tag.Value.Length > 0);

    private static string? Find(Run run, ImmutableArray<string> keys)
    {
        foreach (var key in keys)
        {
            if (TagOf(run, key) is { Length: > 0 } value)
            {
                return value;
            }
        }
        return null;
    }

    private static string? TagOf(Run run, string key)
    {
        foreach (var tag in run.Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }
        return null;
    }
}
