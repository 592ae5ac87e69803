using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Artifacts;

/// <summary>What follows a stored file, whichever way it came. The features that do it read files themselves, so they are asked for late.</summary>
internal sealed class FileEffects(IServiceProvider services)
{
    private FileStored[]? effects;

    public async Task ApplyAsync(StoredFile file, CancellationToken ct)
    {
        foreach (var effect in effects ??= [.. services.GetServices<FileStored>()])
        {
            await effect(file, ct);
        }
    }
}
