using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>Predictions of a blob.</summary>
internal static class PredictionBlob
{
    public static async Task<ImmutableArray<JoinedPrediction>> ReadAsync(byte[] bytes, CancellationToken ct)
    {
        var predictions = ImmutableArray.CreateBuilder<JoinedPrediction>();
        await foreach (var one in PredictionCodec.ReadAsync(new MemoryStream(bytes), ct))
        {
            predictions.Add(one);
        }
        return predictions.DrainToImmutable();
    }
}
