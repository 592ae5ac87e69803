using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Live;

/// <summary>Tells what changed since a cursor. Nothing is held or remembered for whoever asks, so any instance may answer.</summary>
public sealed class LiveReader
{
    private const string Everything = "";

    // Where a cursor that says nothing stands: no source is ever there.
    private const string Nowhere = "?";
    private readonly ImmutableArray<LiveSource> sources;

    internal LiveReader(IEnumerable<LiveSource> sources) => this.sources = [.. sources.OrderBy(static one => one.Subject, StringComparer.Ordinal)];

    /// <param name="subject">What is followed; null or empty: the whole store.</param>
    /// <param name="after">The cursor of the last answer; null or empty: it begins now.</param>
    public async Task<Result<LivePage>> ReadAsync(string? subject, string? after, CancellationToken ct)
    {
        subject ??= Everything;
        var followed = Find(subject);
        if (followed.Count == 0)
        {
            return new Failure.Invalid("subject", $"A subject is one of {string.Join(", ", sources.Select(static one => one.Subject.EndsWith('/') ? one.Subject + "{id or name}" : one.Subject))}, or none for the whole store.");
        }
        var positions = string.IsNullOrEmpty(after) ? [] : LiveCursor.Read(subject, after);
        var looks = await Task.WhenAll(followed.Select((one, place) => one.Source.LookAsync(one.Name, string.IsNullOrEmpty(after) ? null : positions.Length == followed.Count ? positions[place] : Nowhere, ct)));
        return looks.Select(static look => look.Failure).FirstOrDefault(static failure => failure is not null) is { } failed
            ? failed
            : new LivePage([.. looks.SelectMany(static look => look.Value.Changes)], LiveCursor.Write(subject, looks.Select(static look => look.Value.Position)));
    }

    private List<(LiveSource Source, string Name)> Find(string subject)
    {
        if (subject == Everything)
        {
            return [.. sources.Where(static one => one.IsOfAll).Select(static one => (one, ""))];
        }
        return sources.FirstOrDefault(one => one.Subject == subject) is { } whole ? [(whole, "")]
            : sources.FirstOrDefault(one => one.Subject.EndsWith('/') && subject.Length > one.Subject.Length && subject.StartsWith(one.Subject, StringComparison.Ordinal)) is { } named ? [(named, subject[named.Subject.Length..])]
            : [];
    }
}
