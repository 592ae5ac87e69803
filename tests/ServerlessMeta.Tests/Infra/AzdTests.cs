using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ServerlessMeta.Tests.House;
using YamlDotNet.RepresentationModel;

namespace ServerlessMeta.Tests.Infra;

public sealed class AzdTests(ITestOutputHelper output)
{
    private static readonly string[] TopLevel = ["name", "metadata", "infra", "services", "hooks", "pipeline"];

    [Fact]
    public void Manifest_has_no_unknown_entry() => Assert.Equal(TopLevel, Manifest().Children.Keys.Select(static key => key.ToString()));

    [Fact]
    public void Service_is_the_functions_project_alone_in_its_folder()
    {
        var services = (YamlMappingNode)Manifest()["services"];
        var (name, service) = Assert.Single(services.Children);

        Assert.Equal("store", name.ToString());
        Assert.Equal(("function", "dotnet"), (service["host"].ToString(), service["language"].ToString()));
        var project = Assert.Single(Directory.GetFiles(Repository.PathOf(service["project"].ToString()), "*.*proj"));
        // azd would add one to the project otherwise, at each newcomer's first use.
        Assert.NotEmpty(XDocument.Load(project).Descendants("UserSecretsId").Single().Value);
    }

    [Fact]
    public void Hooks_are_there_for_both_shells()
    {
        var hook = Manifest()["hooks"]["preprovision"];

        Assert.Equal(("sh", "pwsh"), (hook["posix"]["shell"].ToString(), hook["windows"]["shell"].ToString()));
        Assert.All(new[] { "posix", "windows" }, system => Assert.True(File.Exists(Repository.PathOf(hook[system]["run"].ToString()))));
    }

    [Fact]
    public void Parameters_give_what_the_template_asks_for_and_the_hook_sets()
    {
        var given = JsonNode.Parse(Repository.Read("infra/main.parameters.json"))!["parameters"]!.AsObject().ToDictionary(static p => p.Key, static p => (string)p.Value!["value"]!, StringComparer.Ordinal);
        var asked = Repository.Read("infra/main.bicep").Split('\n').Where(static line => line.StartsWith("param ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal)).Select(static line => line.Split(' ')[1]);

        // What has a default stands there too when it is a setting, so that the next provisioning does not undo it.
        string[] kept = ["alertEmail", "auditSigningKey", "auditTrustedKeys", "principalRole", "producerPrincipalId", "serviceBusSku", "trustPrincipalHeader", "webhooksSecretKey"];
        Assert.Equal(asked.Concat(kept).Order(StringComparer.Ordinal), given.Keys.Order(StringComparer.Ordinal));
        Assert.All(kept, name => Assert.Matches("^\\$\\{[A-Z_]+=[A-Za-z]*\\}$", given[name]));
        Assert.Equal("${ACCESS_ADMIN_TOKEN_SHA256}", given["adminTokenSha256"]);
        Assert.All(new[] { "sh", "ps1" }, static shell => Assert.Contains("azd env set ACCESS_ADMIN_TOKEN_SHA256", Repository.Read($"infra/hooks/preprovision.{shell}"), StringComparison.Ordinal));
        Assert.Equal("ACCESS_ADMIN_TOKEN_SHA256", Manifest()["pipeline"]["variables"][0].ToString());
    }

    [Fact]
    public async Task Hook_shows_a_token_once_and_keeps_only_its_digest()
    {
        if (OperatingSystem.IsWindows())
        {
            output.WriteLine("Not run: the hook for this system is another.");
            return;
        }
        var folder = Directory.CreateTempSubdirectory("azd");
        try
        {
            var azd = Path.Combine(folder.FullName, "azd");
            var kept = Path.Combine(folder.FullName, "kept");
            await File.WriteAllTextAsync(azd, $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{kept}'\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(azd, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PATH"] = folder.FullName + ":" + Environment.GetEnvironmentVariable("PATH"),
                ["ACCESS_ADMIN_TOKEN_SHA256"] = "",
            };

            var first = await Tool.RunAsync("sh", ["infra/hooks/preprovision.sh"], environment);
            environment["ACCESS_ADMIN_TOKEN_SHA256"] = new string('0', 64);
            var second = await Tool.RunAsync("sh", ["infra/hooks/preprovision.sh"], environment);

            var token = Assert.Single(first.Output.Split('\n'), static line => line.StartsWith("  ", StringComparison.Ordinal)).Trim();
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
            Assert.Equal($"env set ACCESS_ADMIN_TOKEN_SHA256 {digest}\n", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken));
            Assert.Equal((0, "", ""), second);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static YamlMappingNode Manifest()
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(Repository.Read("azure.yaml"));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
