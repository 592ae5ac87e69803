using System.Globalization;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Where the pages of what is watched are.</summary>
internal static class MonitoringAddress
{
    public static string OfVersion(string model, int version) => string.Create(CultureInfo.InvariantCulture, $"/monitoring/models/{Uri.EscapeDataString(model)}/versions/{version}");

    public static string OfMonitor(string name) => $"/monitoring/monitors/{Uri.EscapeDataString(name)}";

    /// <summary>The page of the version itself.</summary>
    public static string OfRegistered(string model, int version) => string.Create(CultureInfo.InvariantCulture, $"/models/{Uri.EscapeDataString(model)}/versions/{version}");

    /// <summary>An address with what is asked there; what is null is left out.</summary>
    public static string With(string address, params ReadOnlySpan<(string Name, string? Value)> asked)
    {
        var query = new List<string>();
        foreach (var (name, value) in asked)
        {
            if (value is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
        return query.Count == 0 ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', query)}";
    }
}
