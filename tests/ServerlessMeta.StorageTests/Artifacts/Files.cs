using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Artifacts;

namespace ServerlessMeta.StorageTests.Artifacts;

internal static class Files
{
    public const string Root = "0/000000000001a20e1e63c8df079af2da/artifacts";

    public static ArtifactPath Path(string relative) => ArtifactPath.Parse(relative.Length == 0 ? Root : $"{Root}/{relative}").Value;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static async Task<StoredFile> PutAsync(this Instance store, string relative, byte[] bytes)
    {
        var put = await store.Artifacts.PutAsync(Path(relative), new MemoryStream(bytes), new DeclaredContent(Size: bytes.Length), CancellationToken.None);
        Assert.True(put.IsOk, put.Failure?.Detail);
        return put.Value;
    }

    public static async Task<byte[]?> ReadAsync(this Instance store, string relative)
    {
        if (await store.Artifacts.FindAsync(Path(relative), CancellationToken.None) is not { } file)
        {
            return null;
        }
        await using var content = store.Artifacts.Open(file);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    public static async Task<List<string>> ListAsync(this Instance store, string folder)
    {
        var names = new List<string>();
        await foreach (var entry in store.Artifacts.ListEntriesAsync(Path(folder), CancellationToken.None))
        {
            names.Add(entry.IsFolder ? entry.Name + "/" : entry.Name);
        }
        return names;
    }

    public static async Task<int> CountBlobsAsync(this Instance store)
    {
        var count = 0;
        await foreach (var _ in store.Storage.Contents.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            count++;
        }
        return count;
    }
}
