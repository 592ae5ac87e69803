using ServerlessMeta.Local;

[assembly: AssemblyFixture(typeof(ServerlessMeta.Testing.AzuriteFixture))]

namespace ServerlessMeta.Testing;

/// <summary>One in-memory Azurite for the tests of an assembly; each test works under its own table prefix.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite? azurite;

    public string ConnectionString => azurite!.ConnectionString;

    public int TablePort => azurite!.TablePort;

    public int BlobPort => azurite!.BlobPort;

    public async ValueTask InitializeAsync() => azurite = await Azurite.StartAsync(null, CancellationToken.None);

    public ValueTask DisposeAsync() => azurite?.DisposeAsync() ?? default;
}
