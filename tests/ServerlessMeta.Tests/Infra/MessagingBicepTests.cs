using System.Text.Json.Nodes;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Tests.Infra;

/// <summary>The message broker in both tiers: what the store needs is the same in both.</summary>
public sealed class MessagingBicepTests(Deployment basic, StandardDeployment standard, ITestOutputHelper output) : IClassFixture<Deployment>, IClassFixture<StandardDeployment>
{
    private const string Namespaces = "Microsoft.ServiceBus/namespaces";

    [Fact]
    public void The_tier_is_basic_unless_another_is_asked_for()
    {
        if (CanCompile())
        {
            Assert.Equal(("Basic", "Basic"), TierOf(basic));
            Assert.Equal(("Standard", "Standard"), TierOf(standard));
        }
    }

    [Fact]
    public void The_namespace_takes_identities_only_over_new_tls()
    {
        if (!CanCompile())
        {
            return;
        }
        foreach (var deployment in new[] { basic, standard })
        {
            var properties = deployment.One(Namespaces)["properties"]!;
            Assert.True((bool)properties["disableLocalAuth"]!);
            Assert.Equal("1.2", (string?)properties["minimumTlsVersion"]);
        }
    }

    [Fact]
    public void Basic_has_the_queues_of_the_store_and_nothing_that_basic_lacks()
    {
        if (!CanCompile())
        {
            return;
        }
        Assert.Equal([Entities.Ingest, Entities.Retraining], basic.Names($"{Namespaces}/queues"));
        Assert.Empty(basic.All($"{Namespaces}/topics"));
        Assert.All(basic.All($"{Namespaces}/queues"), static queue =>
        {
            // Sessions, duplicate detection, forwarding and removal when idle are Standard's.
            Assert.Equal(["deadLetteringOnMessageExpiration", "lockDuration", "maxDeliveryCount"], queue["properties"]!.AsObject().Select(static property => property.Key).Order(StringComparer.Ordinal));
            Settles(queue);
        });
        Assert.Equal("", SettingOf(basic, "Messages__RetrainingSubscription"));
    }

    [Fact]
    public void Standard_has_a_topic_for_retraining_and_detects_duplicates_for_a_day()
    {
        if (!CanCompile())
        {
            return;
        }
        var ingest = standard.One($"{Namespaces}/queues");
        var topic = standard.One($"{Namespaces}/topics");
        Assert.Equal((Entities.Ingest, Entities.Retraining), (NameOf(ingest), NameOf(topic)));
        Assert.All(new[] { ingest, topic }, static entity => Assert.Equal((true, "P1D"), ((bool)entity["properties"]!["requiresDuplicateDetection"]!, (string)entity["properties"]!["duplicateDetectionHistoryTimeWindow"]!)));
        Settles(ingest);
        var workers = standard.One($"{Namespaces}/topics/subscriptions");
        Settles(workers);
        Assert.Equal(NameOf(workers), SettingOf(standard, "Messages__RetrainingSubscription"));
    }

    [Fact]
    public void The_app_reaches_the_broker_by_its_identity()
    {
        if (!CanCompile())
        {
            return;
        }
        foreach (var deployment in new[] { basic, standard })
        {
            Assert.Equal("managedidentity", SettingOf(deployment, "ServiceBusConnection__credential"));
            Assert.Contains("serviceBusEndpoint", SettingOf(deployment, "ServiceBusConnection__fullyQualifiedNamespace"), StringComparison.Ordinal);
            Assert.Equal(SettingOf(deployment, "AZURE_CLIENT_ID"), SettingOf(deployment, "ServiceBusConnection__clientId"));
            Assert.False(deployment.One("Microsoft.Web/sites/config")["properties"]!.AsObject().ContainsKey("ServiceBusConnection"));
        }
    }

    [Fact]
    public void A_producer_may_send_for_ingestion_and_do_no_more()
    {
        if (!CanCompile())
        {
            return;
        }
        Assert.DoesNotContain(basic.All("Microsoft.Authorization/roleAssignments"), IsProducers);
        var role = Assert.Single(standard.All("Microsoft.Authorization/roleAssignments"), IsProducers);
        Assert.EndsWith("69a216fc-b8fb-44d8-bc22-1f3c2cd27a39", (string?)role["properties"]!["roleDefinitionId"], StringComparison.Ordinal);
        Assert.Contains($"/queues/{Entities.Ingest}/providers/Microsoft.Authorization", (string?)role["id"], StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_are_reported_where_somebody_is_to_be_told()
    {
        if (!CanCompile())
        {
            return;
        }
        Assert.Empty(basic.All("Microsoft.Insights/metricAlerts"));
        var alert = standard.One("Microsoft.Insights/metricAlerts")["properties"]!;
        var criterion = Assert.Single(alert["criteria"]!["allOf"]!.AsArray())!;
        Assert.Equal(("DeadletteredMessages", "GreaterThan", 0), ((string)criterion["metricName"]!, (string)criterion["operator"]!, (int)criterion["threshold"]!));
        Assert.Equal("ops@example.org", (string?)standard.One("Microsoft.Insights/actionGroups")["properties"]!["emailReceivers"]![0]!["emailAddress"]);
        Assert.NotNull(alert["actions"]![0]!["actionGroupId"]);
    }

    private static void Settles(JsonNode entity)
    {
        var properties = entity["properties"]!;
        // A batch is not renewed: the lock is as long as there is.
        Assert.Equal(("PT5M", MessageEntry.MostDeliveries, true), ((string)properties["lockDuration"]!, (int)properties["maxDeliveryCount"]!, (bool)properties["deadLetteringOnMessageExpiration"]!));
    }

    private static (string? Name, string? Tier) TierOf(Deployment deployment) => ((string?)deployment.One(Namespaces)["sku"]!["name"], (string?)deployment.One(Namespaces)["sku"]!["tier"]);

    private static string NameOf(JsonNode entity) => ((string)entity["name"]!).Split('/')[^1];

    private static string? SettingOf(Deployment deployment, string name) => (string?)deployment.One("Microsoft.Web/sites/config")["properties"]![name];

    private static bool IsProducers(JsonNode role) => (string?)role["properties"]!["principalId"] == StandardDeployment.Producer;

    private bool CanCompile()
    {
        if (basic.Resources is null)
        {
            output.WriteLine("Not run: the Bicep compiler's package has a build for Linux on x64 only.");
        }
        return basic.Resources is not null;
    }
}
