using System.Collections.Immutable;
using System.Text.Json;
using Azure;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Datasets;

/// <summary>The blobs of dataset inputs that are too large for a table: named by their content, so putting one twice is harmless.</summary>
internal sealed class InputBlobs(StorageClients storage)
{
    public async Task PutAsync(string name, byte[] content, CancellationToken ct) =>
        await storage.Inputs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, ct);

    /// <summary>The run with its large inputs whole.</summary>
    public async Task<Run> FillAsync(Run run, RunRecord record, CancellationToken ct)
    {
        if (record.Inputs.Length == 0)
        {
            return run;
        }
        var filled = ImmutableArray.CreateBuilder<DatasetInput>();
        foreach (var input in record.InputRecords())
        {
            filled.Add(await WholeAsync(input, ct));
        }
        return run with { Datasets = filled.ToImmutable() };
    }

    /// <summary>The input as it was given: an operation when it is large.</summary>
    public async Task<DatasetInput> WholeAsync(DatasetRecord input, CancellationToken ct)
    {
        if (input.Blob is null)
        {
            return input.Dataset;
        }
        var content = await storage.Inputs.GetBlobClient(input.Blob).DownloadContentAsync(ct);
        return JsonSerializer.Deserialize(content.Value.Content, DatasetJson.Default.DatasetRecord)!.Dataset;
    }
}
