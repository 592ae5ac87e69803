namespace ServerlessMeta.Environments.Parsing;

/// <summary>Reads the files that describe environments. No file makes it fail: what it cannot read it lists.</summary>
internal static class EnvironmentParser
{
    public static FileKind KindOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..].ToLowerInvariant();
        return name switch
        {
            "poetry.lock" or "uv.lock" or "pdm.lock" => FileKind.TomlLock,
            "pipfile.lock" => FileKind.PipfileLock,
            "package-lock.json" or "npm-shrinkwrap.json" => FileKind.NpmLock,
            "packages.lock.json" => FileKind.NuGetLock,
            "package.json" => FileKind.NpmManifest,
            "python_env.yaml" or "python_env.yml" => FileKind.PythonEnv,
            "conda.yaml" or "conda.yml" or "environment.yaml" or "environment.yml" => FileKind.Conda,
            "mlmodel" => FileKind.Model,
            "directory.packages.props" => FileKind.NuGetProject,
            _ when name.EndsWith(".txt", StringComparison.Ordinal) && name.Contains("freeze", StringComparison.Ordinal) => FileKind.Freeze,
            _ when name.EndsWith(".txt", StringComparison.Ordinal) && (name.Contains("requirements", StringComparison.Ordinal) || name.Contains("constraints", StringComparison.Ordinal)) => FileKind.Requirements,
            _ when name.EndsWith(".csproj", StringComparison.Ordinal) || name.EndsWith(".fsproj", StringComparison.Ordinal) || name.EndsWith(".vbproj", StringComparison.Ordinal) => FileKind.NuGetProject,
            _ when name is "dockerfile" || name.StartsWith("dockerfile.", StringComparison.Ordinal) || name.EndsWith(".dockerfile", StringComparison.Ordinal) => FileKind.Dockerfile,
            _ => FileKind.Other,
        };
    }

    public static Findings Parse(EnvironmentFile file)
    {
        var found = new Findings(file.Path, KindOf(file.Path));
        switch (found.Kind)
        {
            case FileKind.TomlLock: TomlLockParser.Parse(file.Content, found); break;
            case FileKind.PipfileLock: JsonLockParsers.ParsePipfile(file.Content, found); break;
            case FileKind.NpmLock: JsonLockParsers.ParseNpmLock(file.Content, found); break;
            case FileKind.NuGetLock: JsonLockParsers.ParseNuGet(file.Content, found); break;
            case FileKind.NpmManifest: JsonLockParsers.ParseNpmManifest(file.Content, found); break;
            case FileKind.Freeze or FileKind.Requirements: RequirementsParser.Parse(file.Content, found); break;
            case FileKind.PythonEnv: YamlParsers.ParsePythonEnv(file.Content, found); break;
            case FileKind.Conda: YamlParsers.ParseConda(file.Content, found); break;
            case FileKind.Model: YamlParsers.ParseModel(file.Content, found); break;
            case FileKind.NuGetProject: ProjectFileParser.Parse(file.Content, found); break;
            case FileKind.Dockerfile: DockerfileParser.Parse(file.Content, found); break;
            default: break;
        }
        return found;
    }
}
