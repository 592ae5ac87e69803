using System.Collections.Frozen;

namespace ServerlessMeta.Previews;

/// <summary>Which files have a preview, by their names.</summary>
internal static class FileFormats
{
    private static readonly FrozenDictionary<string, (FileFormat Format, string Language)> Names = new Dictionary<string, (FileFormat, string)>(StringComparer.OrdinalIgnoreCase)
    {
        ["MLmodel"] = (FileFormat.Model, "yaml"),
        ["Dockerfile"] = (FileFormat.Text, "dockerfile"),
        ["Makefile"] = (FileFormat.Text, "makefile"),
        ["LICENSE"] = (FileFormat.Text, "text"),
        ["README"] = (FileFormat.Text, "text"),
        ["MLproject"] = (FileFormat.Text, "yaml"),
        [".gitignore"] = (FileFormat.Text, "text"),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, (FileFormat Format, string Language)> Extensions = List().ToFrozenDictionary(
        static entry => entry.Extension, static entry => (entry.Format, entry.Language), StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when such a file has no preview.</summary>
    /// <param name="path">A file's name, or a path that ends in it.</param>
    public static (FileFormat Format, string Language)? Find(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (Names.TryGetValue(name, out var named))
        {
            return named;
        }
        var dot = name.LastIndexOf('.');
        return dot >= 0 && Extensions.TryGetValue(name[(dot + 1)..], out var found) ? found : null;
    }

    public static bool IsImage(string path) => Find(path) is (FileFormat.Image, _);

    private static IEnumerable<(string Extension, FileFormat Format, string Language)> List() =>
    [
        .. Of(FileFormat.Separated, "csv", "csv"),
        .. Of(FileFormat.Tabbed, "tsv", "tsv tab"),
        .. Of(FileFormat.Parquet, "parquet", "parquet pq"),
        .. Of(FileFormat.Json, "json", "json geojson ipynb"),
        .. Of(FileFormat.JsonLines, "json", "jsonl ndjson"),
        .. Of(FileFormat.Image, "image", "png jpg jpeg gif webp bmp"),
        .. Of(FileFormat.Markdown, "markdown", "md markdown"),
        // A picture or a page of markup is shown as its source: what it would do when rendered is its author's choice.
        .. Of(FileFormat.Text, "xml", "svg xml xsd xsl"),
        .. Of(FileFormat.Text, "html", "html htm xhtml"),
        .. Of(FileFormat.Text, "text", "txt log out err text rst lock"),
        .. Of(FileFormat.Text, "yaml", "yaml yml"),
        .. Of(FileFormat.Text, "toml", "toml"),
        .. Of(FileFormat.Text, "ini", "ini cfg conf properties env"),
        .. Of(FileFormat.Text, "python", "py pyi"),
        .. Of(FileFormat.Text, "r", "r rmd"),
        .. Of(FileFormat.Text, "julia", "jl"),
        .. Of(FileFormat.Text, "sql", "sql"),
        .. Of(FileFormat.Text, "shell", "sh bash zsh ps1 bat cmd"),
        .. Of(FileFormat.Text, "csharp", "cs csx"),
        .. Of(FileFormat.Text, "java", "java kt scala"),
        .. Of(FileFormat.Text, "javascript", "js mjs cjs jsx"),
        .. Of(FileFormat.Text, "typescript", "ts tsx"),
        .. Of(FileFormat.Text, "css", "css scss"),
        .. Of(FileFormat.Text, "c", "c h cpp cc hpp cu"),
        .. Of(FileFormat.Text, "go", "go"),
        .. Of(FileFormat.Text, "rust", "rs"),
        .. Of(FileFormat.Text, "bicep", "bicep"),
        .. Of(FileFormat.Text, "tex", "tex bib"),
        .. Of(FileFormat.Text, "dot", "dot gv"),
    ];

    private static IEnumerable<(string Extension, FileFormat Format, string Language)> Of(FileFormat format, string language, string extensions) =>
        extensions.Split(' ').Select(extension => (extension, format, language));
}
