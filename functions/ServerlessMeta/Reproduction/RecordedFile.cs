namespace ServerlessMeta.Reproduction;

/// <summary>A file that a run stored.</summary>
/// <param name="Path">From the run's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">64 hex digits.</param>
/// <param name="Open">Its bytes.</param>
internal sealed record RecordedFile(string Path, long Size, string Sha256, Func<Stream> Open)
{
    private static readonly HashSet<string> CodeExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".py", ".ipynb", ".r", ".rmd", ".jl", ".sh", ".ps1", ".cs", ".fs", ".js", ".mjs", ".cjs", ".ts", ".java", ".kt", ".scala", ".go", ".rs", ".c", ".cc", ".cpp", ".h", ".cu", ".sql", ".m", ".lua", ".pl", ".rb",
    };

    public bool IsCode => CodeExtensions.Contains(System.IO.Path.GetExtension(Path));
}
