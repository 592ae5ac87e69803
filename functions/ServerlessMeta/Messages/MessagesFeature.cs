using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Messages;

/// <summary>The queues and their dead letters. The broker itself, an <see cref="IMessageBus"/>, is the host's: there may be none.</summary>
public static class MessagesFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration) =>
        services.AddOptions<MessagesOptions>().Bind(configuration.GetSection(MessagesOptions.Section));

    public static void Map(IEndpointRouteBuilder routes) => QueueEndpoints.Map(routes);
}
