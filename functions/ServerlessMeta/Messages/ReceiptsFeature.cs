using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Messages;

/// <summary>What keeps the receipts of messages few. Features write them, and say where by a <see cref="ReceiptSource"/>.</summary>
public static class ReceiptsFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<MessagesOptions, MessagesOptionsValidator>().Bind(configuration.GetSection(MessagesOptions.Section));
        services.AddSingleton(static provider => new ReceiptTrim(
            provider.GetServices<ReceiptSource>(), provider.GetRequiredService<IOptions<MessagesOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }
}
