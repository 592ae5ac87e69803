using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Infra;

/// <summary>The template, as the compiler reads it. Its package has a build for Linux on x64 only: elsewhere each test says so and ends.</summary>
public sealed class BicepTests(Deployment deployment, ITestOutputHelper output) : IClassFixture<Deployment>
{
    private static readonly string[] Types =
    [
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Insights/components",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Resources/resourceGroups",
        "Microsoft.ServiceBus/namespaces",
        "Microsoft.ServiceBus/namespaces/queues",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Storage/storageAccounts/blobServices",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Storage/storageAccounts/tableServices/tables",
        "Microsoft.Web/serverfarms",
        "Microsoft.Web/sites",
        "Microsoft.Web/sites/config",
    ];

    private static readonly string[] Settings =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID", "Access__AdminTokenSha256", "Access__PrincipalRole", "Access__TrustPrincipalHeader", "Audit__SigningKey", "Audit__TrustedKeys",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri",
        "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "Messages__RetrainingSubscription",
        "ServiceBusConnection__clientId", "ServiceBusConnection__credential", "ServiceBusConnection__fullyQualifiedNamespace",
        "Storage__BlobServiceUri", "Storage__TablePrefix", "Storage__TableServiceUri", "Webhooks__SecretKey",
    ];

    [Fact]
    public async Task Template_compiles_without_a_message()
    {
        if (!CanCompile())
        {
            return;
        }
        var (exitCode, json, error) = await Tool.RunAsync(Tool.Bicep!, ["build", Repository.PathOf("infra/main.bicep"), "--stdout"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("securestring", (string?)JsonNode.Parse(json)!["parameters"]!["adminTokenSha256"]!["type"]);
    }

    [Fact]
    public async Task A_slip_in_a_template_is_a_message()
    {
        if (!CanCompile())
        {
            return;
        }
        var folder = Directory.CreateTempSubdirectory("infra");
        try
        {
            var slip = Path.Combine(folder.FullName, "slip.bicep");
            var text = Repository.Read("infra/modules/storage.bicep").Replace("allowSharedKeyAccess", "allowSharedKeyAcces", StringComparison.Ordinal);
            await File.WriteAllTextAsync(slip, text, TestContext.Current.CancellationToken);

            var (_, _, error) = await Tool.RunAsync(Tool.Bicep!, ["build", slip, "--stdout"]);

            Assert.Contains("BCP089", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Templates_are_formatted()
    {
        if (!CanCompile())
        {
            return;
        }
        foreach (var path in Repository.Files("infra", "*.bicep"))
        {
            var (_, formatted, _) = await Tool.RunAsync(Tool.Bicep!, ["format", Repository.PathOf(path), "--stdout"]);

            Assert.Equal(formatted, Repository.Read(path));
        }
    }

    [Fact]
    public void Exactly_these_types_are_deployed()
    {
        if (CanCompile())
        {
            Assert.Equal(Types, deployment.Resources!.Select(static resource => (string)resource!["type"]!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Storage_takes_identities_only_over_new_tls()
    {
        if (!CanCompile())
        {
            return;
        }
        var account = deployment.One("Microsoft.Storage/storageAccounts")["properties"]!;

        Assert.False((bool)account["allowSharedKeyAccess"]!);
        Assert.False((bool)account["allowBlobPublicAccess"]!);
        Assert.True((bool)account["supportsHttpsTrafficOnly"]!);
        Assert.True((bool)account["defaultToOAuthAuthentication"]!);
        Assert.Equal("TLS1_2", (string?)account["minimumTlsVersion"]);
    }

    [Fact]
    public void Tables_and_containers_are_those_the_store_uses()
    {
        if (!CanCompile())
        {
            return;
        }
        using var clients = new StorageClients(Options.Create(new StorageOptions { ConnectionString = "UseDevelopmentStorage=true", TablePrefix = "abc" }));
        var used = typeof(StorageClients).GetProperties().Select(property => property.GetValue(clients)).ToList();

        Assert.Equal(used.OfType<TableClient>().Select(static table => table.Name).Order(StringComparer.Ordinal), deployment.Names("Microsoft.Storage/storageAccounts/tableServices/tables"));
        Assert.Equal(
            used.OfType<BlobContainerClient>().Select(static container => container.Name).Append("deployment").Order(StringComparer.Ordinal),
            deployment.Names("Microsoft.Storage/storageAccounts/blobServices/containers"));
    }

    [Fact]
    public void Identity_has_the_roles_it_needs_and_no_other()
    {
        if (!CanCompile())
        {
            return;
        }
        var roles = deployment.All("Microsoft.Authorization/roleAssignments").Select(static role =>
            (Scope: ((string)role["id"]!).Split("providers/")[1].Split('/')[0], Role: ((string)role["properties"]!["roleDefinitionId"]!).Split('/')[^1]));

        Assert.Equal(
        [
            ("Microsoft.Insights", "3913510d-42f4-4e42-8a64-420c390055eb"),
            ("Microsoft.ServiceBus", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"),
            ("Microsoft.ServiceBus", "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"),
            ("Microsoft.Storage", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
            ("Microsoft.Storage", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
        ], roles.Order());
    }

    [Fact]
    public void App_is_a_flex_consumption_worker_over_https()
    {
        if (!CanCompile())
        {
            return;
        }
        var site = deployment.One("Microsoft.Web/sites");
        var app = site["properties"]!;
        var config = app["functionAppConfig"]!;

        Assert.Equal("FlexConsumption", (string?)deployment.One("Microsoft.Web/serverfarms")["sku"]!["tier"]);
        Assert.Equal("store", (string?)site["tags"]!["azd-service-name"]);
        Assert.Equal("test", (string?)deployment.One("Microsoft.Resources/resourceGroups")["tags"]!["azd-env-name"]);
        Assert.True((bool)app["httpsOnly"]!);
        Assert.Equal("1.2", (string?)app["siteConfig"]!["minTlsVersion"]);
        Assert.Equal(("dotnet-isolated", "10.0"), ((string?)config["runtime"]!["name"], (string?)config["runtime"]!["version"]));
        Assert.Equal("UserAssignedIdentity", (string?)config["deployment"]!["storage"]!["authentication"]!["type"]);
        Assert.Empty(config["scaleAndConcurrency"]!["alwaysReady"]!.AsArray());
        Assert.True((bool)deployment.One("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!);
    }

    [Fact]
    public void App_has_these_settings_and_each_is_known()
    {
        if (!CanCompile())
        {
            return;
        }
        var settings = deployment.One("Microsoft.Web/sites/config")["properties"]!.AsObject();

        Assert.Equal(Settings, settings.Select(static setting => setting.Key).Order(StringComparer.Ordinal));
        Assert.Equal("true", (string?)settings["AzureWebJobsDisableHomepage"]);
        Assert.Equal("5368709120", (string?)settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"]);
        Assert.Equal("managedidentity", (string?)settings["AzureWebJobsStorage__credential"]);
        Assert.Equal("abc", (string?)settings["Storage__TablePrefix"]);
        Assert.Equal("[parameters('adminTokenSha256')]", (string?)settings["Access__AdminTokenSha256"]);
        Assert.Equal("False", (string?)settings["Access__TrustPrincipalHeader"]);
        Assert.EndsWith(".primaryEndpoints.table]", (string?)settings["Storage__TableServiceUri"], StringComparison.Ordinal);
        Assert.EndsWith(".primaryEndpoints.blob]", (string?)settings["Storage__BlobServiceUri"], StringComparison.Ordinal);
        Assert.Subset(SettingsTests.Known.Select(static setting => setting.Name).ToHashSet(StringComparer.Ordinal), settings.Select(static setting => setting.Key).Where(static name => name.Contains("__", StringComparison.Ordinal) && !name.StartsWith("AzureWebJobsStorage", StringComparison.Ordinal) && !name.StartsWith("ServiceBusConnection", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal));
    }

    private bool CanCompile()
    {
        if (deployment.Resources is null)
        {
            output.WriteLine("Not run: the Bicep compiler's package has a build for Linux on x64 only.");
        }
        return deployment.Resources is not null;
    }
}
