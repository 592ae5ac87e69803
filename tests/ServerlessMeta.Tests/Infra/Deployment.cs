using System.Text.Json.Nodes;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Infra;

/// <summary>What Bicep says the template deploys, every loop and expression evaluated but those that only Azure can.</summary>
public class Deployment : IAsyncLifetime
{
    public const string TokenSha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("infra");

    /// <summary>What else the parameters say; nothing: the defaults.</summary>
    protected virtual IEnumerable<string> More => [];

    /// <summary>Null where the compiler's package has no build for this system; then there is nothing to test.</summary>
    public JsonArray? Resources { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Assert.True(Tool.Bicep is not null || !Tool.HasBicepPackage, "The Bicep compiler's package was not restored.");
        if (Tool.Bicep is not { } bicep)
        {
            return;
        }
        var parameters = Path.Combine(folder.FullName, "test.bicepparam");
        var template = Path.GetRelativePath(folder.FullName, Repository.PathOf("infra/main.bicep")).Replace('\\', '/');
        await File.WriteAllTextAsync(parameters, $"""
            using '{template}'
            param environmentName = 'test'
            param location = 'westeurope'
            param adminTokenSha256 = '{TokenSha256}'
            param tablePrefix = 'abc'
            {string.Join('\n', More)}
            """, TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await Tool.RunAsync(bicep,
        [
            "snapshot", parameters, "--mode", "overwrite", "--location", "westeurope", "--deployment-name", "test",
            "--subscription-id", "11111111-1111-1111-1111-111111111111", "--tenant-id", "22222222-2222-2222-2222-222222222222",
        ]);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var snapshot = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(parameters, ".snapshot.json"), TestContext.Current.CancellationToken))!;
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        Resources = snapshot["predictedResources"]!.AsArray();
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public IEnumerable<JsonNode> All(string type) => Resources!.Where(resource => string.Equals((string?)resource!["type"], type, StringComparison.Ordinal))!;

    public JsonNode One(string type) => Assert.Single(All(type));

    /// <summary>The last part of the names of resources of a type.</summary>
    public IEnumerable<string> Names(string type) => All(type).Select(static resource => ((string)resource["name"]!).Split('/')[^1]).Order(StringComparer.Ordinal);
}
