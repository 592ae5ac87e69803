using System.Net.Sockets;
using Azure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessMeta.App;
using ServerlessMeta.Local.Broker;
using ServerlessMeta.Messages;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Local;

/// <summary>The store on Kestrel, with Azurite as a child unless other storage is given.</summary>
internal static class LocalHost
{
    // As the Functions host takes at most.
    private const long MaxBodyBytes = 104_857_600;

    // AMQP's own.
    private const int AmqpPort = 5672;

    public static async Task RunAsync(LocalOptions options)
    {
        if (!options.IsLoopback() && options.TokenSha256 is null)
        {
            throw new StartupException($"{options.Urls} can be reached from other machines, so a token is needed: give --token-sha256.");
        }
        using var folder = options.Storage is null && !options.InMemory ? DataFolder.Open(options.DataFolder) : null;
        await (folder?.WaitForFormerAzuriteAsync(TimeProvider.System) ?? Task.CompletedTask);
        await using var azurite = options.Storage is null ? await Azurite.StartAsync(folder?.Path, CancellationToken.None) : null;
        using var broker = new InProcessBroker(TimeProvider.System, InProcessBroker.StoreEntities);
        await using var app = Build(options, azurite?.ConnectionString ?? options.Storage!, folder, broker);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await app.Services.GetRequiredService<StorageClients>().EnsureAsync(patience.Token);
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage) || outage is FormatException or InvalidOperationException or OptionsValidationException or RequestFailedException)
        {
            throw new StartupException($"Storage cannot be reached: {outage.Message.Split('\n')[0].Trim()}");
        }
        await using var front = OpenFront(options, broker);
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException or SocketException)
        {
            throw new StartupException($"{options.Urls} is in use; give another address with --urls.");
        }
        catch (Exception refused) when (refused is SocketException or FormatException or OptionsValidationException)
        {
            throw new StartupException($"{options.Urls} cannot be served: {refused.Message}");
        }
        Console.WriteLine($"ServerlessMeta answers at {string.Join(' ', app.Urls)}");
        Console.WriteLine($"Service Bus stand-in at {front.Address} (in memory)");
        await app.WaitForShutdownAsync(CancellationToken.None);
    }

    private static AmqpFront OpenFront(LocalOptions options, InProcessBroker broker)
    {
        try
        {
            return AmqpFront.Open(broker, options.AmqpPort, AmqpPort, TimeProvider.System);
        }
        catch (SocketException refused)
        {
            throw new StartupException($"Port {options.AmqpPort} cannot be listened on for AMQP ({refused.SocketErrorCode}); give another with --amqp-port.");
        }
    }

    private static WebApplication Build(LocalOptions options, string connectionString, DataFolder? folder, InProcessBroker broker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls).ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = connectionString,
            ["Observability:ServerTiming"] = builder.Configuration["Observability:ServerTiming"] ?? "true",
            // Here nobody is billed for a held connection.
            ["Live:ServerSentEvents"] = builder.Configuration["Live:ServerSentEvents"] ?? "true",
            ["Access:AdminTokenSha256"] = options.TokenSha256,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddServerlessMeta(builder.Configuration, tokenRequired: options.TokenSha256 is not null);
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<LocalTimers>();
        builder.Services.AddSingleton(broker);
        builder.Services.AddSingleton<IMessageBus, LocalBus>();
        builder.Services.AddHostedService<IngestPump>();
        if (folder is not null)
        {
            builder.Services.AddSingleton(folder);
            builder.Services.AddHostedService<DataFolderWatch>();
        }
        var app = builder.Build();
        app.UseServerlessMeta();
        return app;
    }
}
