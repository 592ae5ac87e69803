using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Messages;

/// <summary>
/// The queues and their dead letters, and what keeps the receipts of messages few: features write them, and say where by a <see cref="ReceiptSource"/>. The broker itself, an
/// <see cref="IMessageBus"/>, is the host's: there may be none.
/// </summary>
public static class MessagesFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<MessagesOptions, MessagesOptionsValidator>().Bind(configuration.GetSection(MessagesOptions.Section));
        services.AddSingleton(static provider => new ReceiptTrim(
            provider.GetServices<ReceiptSource>(), provider.GetRequiredService<IOptions<MessagesOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => QueueEndpoints.Map(routes);
}
