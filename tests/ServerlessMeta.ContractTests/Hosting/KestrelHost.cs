using Microsoft.AspNetCore.Builder;
using ServerlessMeta.App;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>The pipeline as Local serves it.</summary>
public sealed class KestrelHost(AzuriteFixture azurite) : StoreHost(azurite)
{
    protected override StoreHost New() => new KestrelHost(Azurite);

    protected override void Compose(WebApplication app) => app.UseServerlessMeta();
}
