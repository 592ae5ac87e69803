using System.Globalization;
using System.Text;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Finds what requests name. A monitor begins with the first thing that is said or posted of it.</summary>
internal sealed class MonitoringTargets(ModelHistory models, TargetStore targets)
{
    public const string MonitorKind = "Monitor";
    private const int LongestName = 200;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>A version of a model; named by its number, <c>latest</c> or <c>alias:production</c>, it is the version that it is now.</summary>
    public async Task<Result<FoundTarget>> FindVersionAsync(string name, string version, bool toChange, CancellationToken ct)
    {
        var found = await (toChange ? ModelRoute.FindToChangeAsync(models, name, version, ct) : ModelRoute.FindVersionAsync(models, name, version, null, ct));
        if (!found.IsOk)
        {
            return found.Failure;
        }
        var (model, number) = found.Value;
        return toChange && !model.Has(number) ? ModelVersionStore.NotFound(model.Name, number) : Of(model, number);
    }

    /// <summary>A monitor; to read of one, something has to be there.</summary>
    public async Task<Result<FoundTarget>> FindMonitorAsync(string name, bool toChange, CancellationToken ct)
    {
        if (RefuseName(name) is { } wrong)
        {
            return new Failure.Invalid("name", wrong);
        }
        var target = MonitorTarget.Of(name);
        return toChange || await targets.FindRowAsync(target, ct) is not null
            ? new FoundTarget(target, name, $"/api/v1/monitors/{Uri.EscapeDataString(name)}")
            : new Failure.NotFound(MonitorKind, name);
    }

    public static FoundTarget Of(RegisteredModel model, int version) => new(
        MonitorTarget.Of(model.Number, version), string.Create(CultureInfo.InvariantCulture, $"{model.Name}/{version}"),
        string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/{Uri.EscapeDataString(model.Name)}/versions/{version}"));

    private static string? RefuseName(string name)
    {
        if (BodyReader.RefuseText(name, LongestName) is { } wrong)
        {
            return wrong;
        }
        try
        {
            Strict.GetByteCount(name);
            return null;
        }
        catch (EncoderFallbackException)
        {
            return "A lone surrogate is no text.";
        }
    }
}
