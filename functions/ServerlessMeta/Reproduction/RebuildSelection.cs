using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// Which files of a run are taken along, of any number that is offered one by one: those with names that any system takes, code before the rest, so that neither a model
/// nor many small files leave the code out.
/// </summary>
internal sealed class RebuildSelection
{
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>Of what is no code.</summary>
    public const int MaxOthers = 5_000;

    /// <summary>With the rest of an archive less than a zip can have.</summary>
    public const int MaxCode = 50_000;

    private readonly List<RecordedFile> code = [];
    private readonly List<RecordedFile> others = [];
    private long codeBytes;
    private int skipped;

    public void Offer(RecordedFile file)
    {
        if (!EnvironmentPaths.IsPortable(file.Path) || (file.IsCode ? code.Count == MaxCode || codeBytes + file.Size > MaxBytes : others.Count == MaxOthers))
        {
            skipped++;
        }
        else if (file.IsCode)
        {
            codeBytes += file.Size;
            code.Add(file);
        }
        else
        {
            others.Add(file);
        }
    }

    /// <summary>Those that are kept, in the order of their paths, and why others are not.</summary>
    public (ImmutableArray<RecordedFile> Files, string? LeftOut) Finish()
    {
        var (kept, bytes, leftOut) = (new List<RecordedFile>(code), codeBytes, skipped);
        foreach (var file in others)
        {
            if (bytes + file.Size > MaxBytes)
            {
                leftOut++;
                continue;
            }
            bytes += file.Size;
            kept.Add(file);
        }
        kept.Sort(static (x, y) => string.CompareOrdinal(x.Path, y.Path));
        var clashes = EnvironmentPaths.Clashes([.. kept.Select(static file => file.Path)]).ToHashSet();
        return ([.. kept.Where((_, at) => !clashes.Contains(at))], leftOut + clashes.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{leftOut + clashes.Count} files: beyond {MaxOthers} files that are no code, {MaxBytes} bytes, or with names that not every system takes."));
    }
}
