using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Comments;

/// <summary>
/// Table <c>comments</c>, one partition, so that a comment and the mentions in it are one transaction; {subject} is <c>e{experiment:d13}</c>, <c>r{run}</c>, <c>m{model:d10}</c>
/// or <c>v{model:d10}.{version:d10}</c>:
/// <code>
/// s|{subject}                                                           what is commented on: the number of its last comment, the end of its audit chain
/// c|{subject}|{number:d10}                                              a comment, the oldest first
/// i|{subject}|{SHA-256 of author and Idempotency-Key}                   the comment that was made with that key
/// m|{SHA-256 of a name}|{99999999999999 - milliseconds:d14}|{subject}|{number:d10}   a mention of the name, the newest first
/// </code>
/// </summary>
internal static class CommentKeys
{
    public const string Partition = "c";

    /// <summary>The letters of audited rows.</summary>
    public const string RecordLetters = "sc";

    public const long MaxNumber = 9_999_999_999;
    private const long LastMillisecond = 99_999_999_999_999;

    public static string ObjectKey(CommentSubject subject) => subject switch
    {
        CommentSubject.OfExperiment experiment => string.Create(CultureInfo.InvariantCulture, $"e{experiment.Id.Number:d13}"),
        CommentSubject.OfRun run => $"r{run.Id}",
        CommentSubject.OfModel model => string.Create(CultureInfo.InvariantCulture, $"m{model.Model:d10}"),
        CommentSubject.OfVersion version => string.Create(CultureInfo.InvariantCulture, $"v{version.Model:d10}.{version.Version:d10}"),
        _ => throw new InvalidOperationException($"{subject.GetType().Name} has no key."),
    };

    public static string Subject(CommentSubject subject) => $"s|{ObjectKey(subject)}";

    public static string Comment(CommentSubject subject, long number) => string.Create(CultureInfo.InvariantCulture, $"c|{ObjectKey(subject)}|{number:d10}");

    /// <summary>The comments of a subject that come after one (not included).</summary>
    public static (string From, string Below) CommentsAfter(CommentSubject subject, long number) => (Comment(subject, number), $"c|{ObjectKey(subject)}}}");

    public static string Claim(CommentSubject subject, string author, string key) => $"i|{ObjectKey(subject)}|{Hash($"{author}\n{key}")}";

    public static string Mention(string name, DateTimeOffset at, CommentSubject subject, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"m|{Hash(name)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{ObjectKey(subject)}|{number:d10}");

    public static (string From, string Below) Mentions(string name) => ($"m|{Hash(name)}|", $"m|{Hash(name)}}}");

    /// <summary>Whether a text can be what stands behind the name in the key of a mention.</summary>
    public static bool IsPlace(string text) => text.Length is > 0 and < 100 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '|' or '.');

    /// <summary>The subject that a comment's row is of.</summary>
    public static CommentSubject SubjectOfComment(string rowKey) => SubjectOf(rowKey[2..rowKey.LastIndexOf('|')]);

    /// <summary>The subject of the rows that have its key in them.</summary>
    public static CommentSubject SubjectOf(string objectKey) => objectKey[0] switch
    {
        'e' => new CommentSubject.OfExperiment(new ExperimentId(long.Parse(objectKey.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))),
        'r' => new CommentSubject.OfRun(RunId.Parse(objectKey[1..], CultureInfo.InvariantCulture)),
        'm' => new CommentSubject.OfModel(long.Parse(objectKey.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)),
        'v' => new CommentSubject.OfVersion(
            long.Parse(objectKey.AsSpan(1, 10), NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(objectKey.AsSpan(12), NumberStyles.None, CultureInfo.InvariantCulture)),
        _ => throw new InvalidDataException($"'{objectKey}' names nothing that is commented on."),
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
