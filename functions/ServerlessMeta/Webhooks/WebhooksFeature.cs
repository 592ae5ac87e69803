using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>Tells others of what happens in the registry.</summary>
public static class WebhooksFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration, WebhookWords words)
    {
        services.AddOptionsWithValidateOnStart<WebhooksOptions, WebhooksOptionsValidator>().Bind(configuration.GetSection(WebhooksOptions.Section));
        services.AddSingleton(words);
        services.AddSingleton(static provider => new WebhookSecrets(Options(provider).SecretKey));
        services.AddSingleton(static provider => new WebhookStore(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<WebhookSecrets>(), Options(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new DeliveryStore(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new WebhookSender(
            Options(provider), provider.GetRequiredService<WebhookWords>(), provider.GetRequiredService<WebhookSecrets>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new WebhookTester(provider.GetRequiredService<WebhookSender>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new WebhookDispatcher(
            provider.GetRequiredService<ModelOutbox>(),
            provider.GetRequiredService<WebhookStore>(),
            provider.GetRequiredService<DeliveryStore>(),
            provider.GetRequiredService<WebhookSender>(),
            provider.GetServices<DeliveryGivenUp>,
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WebhookDispatcher>>()));
        services.AddSingleton<ModelEventsCommitted>(static provider => provider.GetRequiredService<WebhookDispatcher>().Nudge);
        services.AddSingleton(static provider => provider.GetRequiredService<WebhookStore>().Audited());
    }

    public static void Map(IEndpointRouteBuilder routes) => WebhookEndpoints.Map(routes);

    private static WebhooksOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<WebhooksOptions>>().Value;
}
