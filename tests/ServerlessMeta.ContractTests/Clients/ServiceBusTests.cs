using System.Globalization;
using ServerlessMeta.Local.Broker;

namespace ServerlessMeta.ContractTests.Clients;

/// <summary>The stand-in for Service Bus, asked by the official JavaScript SDK what Service Bus promises.</summary>
public sealed class ServiceBusTests
{
    private const int Checks = 25;

    private static readonly EntitySetup[] Entities =
    [
        new("checks"),
        new("checks-short") { LockDuration = TimeSpan.FromSeconds(2), MaxDeliveryCount = 3 },
        new("checks-unique") { DuplicateWindow = TimeSpan.FromMinutes(1) },
        new("checks-small") { MaxMessages = 3 },
        new("checks-topic") { Subscriptions = ["one", "two"] },
    ];

    [Fact(Timeout = 300_000)]
    public async Task Official_sdk_finds_what_it_expects_of_service_bus()
    {
        using var broker = new InProcessBroker(TimeProvider.System, Entities);
        await using var front = AmqpFront.Open(broker, 0, TimeProvider.System);

        var (exitCode, said) = await NodeScript.RunAsync(["service-bus.mjs", front.Port.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromSeconds(280), TestContext.Current.CancellationToken);

        Assert.True(exitCode is 0, said);
        Assert.Equal(Checks, said.Split('\n').Count(static line => line.StartsWith("ok: ", StringComparison.Ordinal)));
        Assert.All(Entities, entity => Assert.All(broker.Entity(entity.Name).Queues, static queue => Assert.Equal((0, 0), (queue.Count, queue.DeadLetters!.Count))));
    }
}
