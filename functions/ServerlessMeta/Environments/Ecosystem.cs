namespace ServerlessMeta.Environments;

/// <summary>Whose names and versions a package has. The numbers are stored nowhere, the words of <see cref="PackageName"/> are.</summary>
public enum Ecosystem
{
    Python,
    Npm,
    NuGet,

    /// <summary>A language or runtime itself, such as python 3.11.4.</summary>
    Language,
}
