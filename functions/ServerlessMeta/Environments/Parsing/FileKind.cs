namespace ServerlessMeta.Environments.Parsing;

/// <summary>What a file is, by its name. Of two files that name a package, the kind that comes first here counts.</summary>
internal enum FileKind
{
    /// <summary>What is installed, as pip freeze lists it.</summary>
    Freeze,

    /// <summary>poetry.lock, uv.lock, pdm.lock.</summary>
    TomlLock,

    /// <summary>Pipfile.lock.</summary>
    PipfileLock,

    /// <summary>package-lock.json, npm-shrinkwrap.json.</summary>
    NpmLock,

    /// <summary>packages.lock.json.</summary>
    NuGetLock,

    Requirements,
    PythonEnv,
    Conda,
    Model,
    NpmManifest,
    NuGetProject,
    Dockerfile,
    Other,
}
