using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Monitoring;

/// <summary>What is watched: a version of a registered model, by the model's number; or a monitor of its own name, for data without a model.</summary>
public sealed record MonitorTarget
{
    private MonitorTarget(long model, int version, string? monitor, string key) => (Model, Version, Monitor, Key) = (model, version, monitor, key);

    /// <summary>The registered model's number; 0 for a monitor.</summary>
    public long Model { get; }

    /// <summary>The version's number; 0 for a monitor.</summary>
    public int Version { get; }

    /// <summary>The monitor's name; null for a model version.</summary>
    public string? Monitor { get; }

    /// <summary>Names it in row keys and blob names: <c>m.{model:d10}.{version:d10}</c>, or <c>x.{SHA-256 of the monitor's name}</c>.</summary>
    public string Key { get; }

    public static MonitorTarget Of(long model, int version) => new(model, version, null, string.Create(CultureInfo.InvariantCulture, $"m.{model:d10}.{version:d10}"));

    public static MonitorTarget Of(string monitor) => new(0, 0, monitor, $"x.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(monitor)))}");
}
