using System.Text;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// A path of files in this store: names joined by '/', none of them empty, <c>.</c> or <c>..</c>, none with a backslash or a control character. The empty path
/// is the root folder.
/// </summary>
public readonly record struct ArtifactPath
{
    /// <summary>What a path may have in UTF-16 units: the key of its row must fit into 512, and some characters take more there.</summary>
    public const int MaxLength = 480;

    /// <summary>How many names a path may have: the folders above a file are marked in its own transaction, which takes 100 rows.</summary>
    public const int MaxNames = 64;

    private readonly string? text;

    private ArtifactPath(string text) => this.text = text;

    public bool IsRoot => Text.Length == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    private string Text => text ?? "";

    public static Result<ArtifactPath> Parse(string path)
    {
        if (path.Length == 0)
        {
            return default(ArtifactPath);
        }
        if (path.Length > MaxLength || FileKeys.Measure(path) is not ( <= TableLimits.KeyCharacters, <= TableLimits.KeyBytes))
        {
            return Refuse(path, $"It has more than {MaxLength} characters, or characters that take more room");
        }
        var names = path.Split('/');
        if (names.Length > MaxNames)
        {
            return Refuse(path, $"It has more than {MaxNames} names");
        }
        if (names[0] is [var drive, ':'] && char.IsAsciiLetter(drive))
        {
            return Refuse(path, "It begins with a drive");
        }
        foreach (var name in names)
        {
            // Also when escaped once more: whoever unescapes it later would leave the folder.
            if (name.Length == 0 || Uri.UnescapeDataString(name) is "." or "..")
            {
                return Refuse(path, name.Length == 0 ? "A name in it is empty" : $"It has '{name}' in it");
            }
            foreach (var rune in name.EnumerateRunes())
            {
                if (rune.Value is '\\' || Rune.IsControl(rune) || rune == Rune.ReplacementChar)
                {
                    return Refuse(path, "It has a backslash, a control character or broken text in it");
                }
            }
        }
        return new ArtifactPath(path);
    }

    /// <summary>The path of something below this folder.</summary>
    public Result<ArtifactPath> Below(string relative) => relative.Length == 0 ? this : Parse(IsRoot ? relative : $"{Text}/{relative}");

    /// <summary>How this path goes on from a folder above it; null when it does not lie below that folder.</summary>
    public string? From(ArtifactPath folder) =>
        folder.IsRoot ? Text : Text.StartsWith(folder.Text + "/", StringComparison.Ordinal) ? Text[(folder.Text.Length + 1)..] : null;

    public override string ToString() => Text;

    private static Failure.Invalid Refuse(string path, string why) =>
        new("path", $"Invalid path: '{(path.Length > 100 ? path[..100] + "..." : path)}'. {why}.");
}
