using ServerlessMeta.Environments;

namespace ServerlessMeta.ModelCards;

/// <summary>A package of the environment that the run ran in.</summary>
internal sealed record DossierPackage(Ecosystem Ecosystem, string Name, string? Version)
{
    /// <summary>The package URL (purl specification); null for a language, which is no package.</summary>
    public string? Url
    {
        get
        {
            var type = Ecosystem switch { Ecosystem.Python => "pypi", Ecosystem.Npm => "npm", Ecosystem.NuGet => "nuget", _ => null };
            if (type is null)
            {
                return null;
            }
            // A scope of npm is a namespace, its @ escaped.
            var name = string.Join('/', (Ecosystem is Ecosystem.NuGet ? Name : PackageName.Normal(Ecosystem, Name)).Split('/').Select(Uri.EscapeDataString));
            return Version is null ? $"pkg:{type}/{name}" : $"pkg:{type}/{name}@{Uri.EscapeDataString(Version)}";
        }
    }
}
