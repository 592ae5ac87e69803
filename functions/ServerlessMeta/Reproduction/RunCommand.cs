namespace ServerlessMeta.Reproduction;

/// <summary>How a run is started.</summary>
/// <param name="Text">For a shell; or a name, when that is all there is; null for nothing.</param>
/// <param name="IsWhole">Whether it is a command.</param>
internal readonly record struct RunCommand(string? Text, bool IsWhole)
{
    private static readonly (string Extension, string Program)[] Programs = [(".py", "python"), (".sh", "sh"), (".r", "Rscript"), (".jl", "julia"), (".js", "node"), (".mjs", "node")];

    /// <summary>What was described is a command. A script that a tag names is run by its language, if it is named by a path within the code.</summary>
    public static RunCommand Of(RebuildRecord record)
    {
        var entry = record.Environment.Launch.EntryPoint;
        if (entry is null || record.Environment.IsEntryDescribed)
        {
            return new RunCommand(entry, entry is not null);
        }
        foreach (var (extension, program) in Programs)
        {
            if (entry.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && entry[0] is not ('/' or '-' or '~') && !entry.Contains('\\', StringComparison.Ordinal) && !entry.Any(char.IsControl))
            {
                return new RunCommand($"{program} {Shell.Quote(entry)}", IsWhole: true);
            }
        }
        return new RunCommand(entry, IsWhole: false);
    }
}
