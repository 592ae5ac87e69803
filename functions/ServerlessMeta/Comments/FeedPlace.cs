using System.Globalization;

namespace ServerlessMeta.Comments;

/// <summary>A place in a feed: the entries and the comments below these numbers come after it; null: all of them.</summary>
internal sealed record FeedPlace(long? Entry, long? Comment)
{
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Entry} {Comment}");

    /// <returns>The place in a token's text; the beginning when there is none, null when it is garbled.</returns>
    public static FeedPlace? Read(string? text) => text is null ? new(null, null)
        : text.Split(' ') is [var entry, var comment] && Number(entry) is { } one && Number(comment) is { } other ? new(one, other)
        : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= CommentKeys.MaxNumber ? number : null;
}
