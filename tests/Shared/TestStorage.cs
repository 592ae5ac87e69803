using System.Collections.Immutable;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Testing;

/// <summary>Tables and containers of one test.</summary>
public static class TestStorage
{
    private static readonly (ImmutableArray<string> Tables, ImmutableArray<string> Containers) Names = ReadNames();

    /// <summary>Takes them away. Azurite looks through all tables and containers that there are at nearly every request, so those of tests that ended would make the others ever slower.</summary>
    public static async Task DeleteAsync(string connection, string prefix)
    {
        var (tables, blobs) = (new TableServiceClient(connection), new BlobServiceClient(connection));
        foreach (var name in Names.Tables)
        {
            await tables.DeleteTableAsync(prefix + name, CancellationToken.None);
        }
        foreach (var name in Names.Containers)
        {
            await blobs.GetBlobContainerClient(prefix + name).DeleteIfExistsAsync(cancellationToken: CancellationToken.None);
        }
    }

    private static (ImmutableArray<string> Tables, ImmutableArray<string> Containers) ReadNames()
    {
        const string prefix = "x";
        using var clients = new StorageClients(Options.Create(new StorageOptions { ConnectionString = "UseDevelopmentStorage=true", TablePrefix = prefix }));
        var all = typeof(StorageClients).GetProperties().Select(property => property.GetValue(clients)).ToList();
        return ([.. all.OfType<TableClient>().Select(static table => table.Name[prefix.Length..])], [.. all.OfType<BlobContainerClient>().Select(static container => container.Name[prefix.Length..])]);
    }
}
