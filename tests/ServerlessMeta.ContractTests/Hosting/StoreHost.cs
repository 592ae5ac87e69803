using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.App;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>An instance of the store that answers HTTP on loopback over real Azurite, in tables of its own unless it shares another's.</summary>
public abstract class StoreHost(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<StoreHost> others = [];
    private bool isFirst = true;
    private WebApplication? app;

    public string Prefix { get; private set; } = "c" + WriteId.New();

    public Uri Address => new(app!.Urls.First());

    public IServiceProvider Services => app!.Services;

    public Api Api { get; private set; } = null!;

    public bool TokenRequired { get; set; }

    public TimeProvider? Clock { get; set; }

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>What the host has beside the store, as a message broker.</summary>
    public Action<IServiceCollection>? Add { get; set; }

    public AzuriteFixture Azurite { get; } = azurite;

    private string ConnectionString { get; set; } = azurite.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = 104_857_600);
        Settings["Storage:ConnectionString"] = ConnectionString;
        Settings["Storage:TablePrefix"] = Prefix;
        Settings.TryAdd("Observability:ServerTiming", "true");
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders();
        builder.Services.AddServerlessMeta(builder.Configuration, TokenRequired);
        Add?.Invoke(builder.Services);
        if (Clock is not null)
        {
            builder.Services.AddSingleton(Clock);
        }
        app = builder.Build();
        Compose(app);
        if (isFirst)
        {
            await app.Services.GetRequiredService<StorageClients>().EnsureAsync(CancellationToken.None);
        }
        await app.StartAsync(CancellationToken.None);
        Api = new Api(Address);
    }

    /// <summary>Another instance over the same storage.</summary>
    /// <param name="connectionString">How it reaches storage; null: as this one does.</param>
    public async Task<StoreHost> AnotherAsync(TimeProvider? clock = null, string? connectionString = null)
    {
        var other = New();
        (other.Prefix, other.Clock, other.ConnectionString, other.isFirst) = (Prefix, clock, connectionString ?? ConnectionString, false);
        others.Add(other);
        await other.InitializeAsync();
        return other;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }
        Api?.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
            if (isFirst)
            {
                await TestStorage.DeleteAsync(Azurite.ConnectionString, Prefix);
            }
        }
        GC.SuppressFinalize(this);
    }

    protected abstract StoreHost New();

    protected abstract void Compose(WebApplication app);
}
