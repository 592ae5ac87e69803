using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessMeta.App;

namespace ServerlessMeta.Tests.App;

public sealed class MonitorTests
{
    private const string Monitor = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:1/";

    [Theory]
    [InlineData("ClientId=00000000-0000-0000-0000-000000000002;Authorization=AAD", true)]
    [InlineData("", false)]
    public void Telemetry_is_sent_with_an_identity_where_the_host_has_one(string authentication, bool hasIdentity)
    {
        using var services = Services(("APPLICATIONINSIGHTS_CONNECTION_STRING", Monitor), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication));

        var exporter = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.Equal(Monitor, exporter.ConnectionString);
        Assert.Equal(hasIdentity, exporter.Credential is not null);
        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<MeterProvider>());
    }

    [Fact]
    public void No_telemetry_leaves_where_no_monitor_is_set()
    {
        using var services = Services(("APPLICATIONINSIGHTS_CONNECTION_STRING", ""));

        Assert.Null(services.GetService<TracerProvider>());
        Assert.Null(services.GetService<MeterProvider>());
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddServerlessMeta(configuration).BuildServiceProvider();
    }
}
