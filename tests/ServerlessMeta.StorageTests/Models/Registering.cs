using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Models;

internal static class Registering
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A model with so many versions, whose sources are <c>s3://1</c>, <c>s3://2</c>, ...</summary>
    public static async Task<RegisteredModel> RegisterAsync(this Instance store, string name = "model", int versions = 0)
    {
        var model = Value(await store.Registry.CreateAsync(new NewModel(name), Ct));
        for (var number = 1; number <= versions; number++)
        {
            model = (await store.AddVersionAsync(name, $"s3://{number}")).Model;
        }
        return model;
    }

    public static async Task<RegisteredVersion> AddVersionAsync(this Instance store, string name, string source = "s3://b", params Tag[] tags) =>
        Value(await store.ModelVersions.CreateAsync(name, new NewModelVersion(source) { Tags = [.. tags] }, Ct));

    public static async Task<RegisteredModel> ModelAsync(this Instance store, string name = "model") => Value(await store.Registry.FindAsync(name, Ct));

    public static T Value<T>(Result<T> result)
    {
        Assert.True(result.IsOk, result.Failure?.Detail);
        return result.Value;
    }
}
