using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Monitoring;

/// <summary>Tells options apart.</summary>
internal static class OptionsDigest
{
    public static string Of(WatchOptions options) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(options))))[..32];

    /// <summary>The fields that differ, each with its new value.</summary>
    public static List<KeyValuePair<string, string>> Differences(WatchOptions before, WatchOptions after)
    {
        using var old = JsonDocument.Parse(Text(before));
        using var now = JsonDocument.Parse(Text(after));
        return [
            .. now.RootElement.EnumerateObject().Where(field => !old.RootElement.TryGetProperty(field.Name, out var value) || value.GetRawText() != field.Value.GetRawText())
                .Select(static field => KeyValuePair.Create(field.Name, field.Value.GetRawText())),
            .. old.RootElement.EnumerateObject().Where(field => !now.RootElement.TryGetProperty(field.Name, out _)).Select(static field => KeyValuePair.Create(field.Name, "removed")),
        ];
    }

    private static string Text(WatchOptions options) => JsonSerializer.Serialize(OptionsView.Of(options), MonitoringJson.Relaxed.OptionsView);
}
