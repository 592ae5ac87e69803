using System.Collections.Immutable;
using System.Globalization;

namespace ServerlessMeta.Triggers;

/// <summary>Where what belongs to a trigger is read.</summary>
internal static class TriggerLinks
{
    public static string SourceOf(Trigger trigger) =>
        trigger.ModelName is { } model ? string.Create(CultureInfo.InvariantCulture, $"/models/{Uri.EscapeDataString(model)}/versions/{trigger.Version}")
        : trigger.Monitor is { } monitor ? $"/monitors/{Uri.EscapeDataString(monitor)}"
        : $"/experiments/{trigger.Experiment}";

    public static ImmutableSortedDictionary<string, string> Of(Trigger trigger)
    {
        var links = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        links["trigger"] = $"/api/v1/triggers/{trigger.Id}";
        links["rule"] = $"/api/v1/rules/{trigger.Rule}";
        if (trigger.ModelName is not null || trigger.Monitor is not null)
        {
            links["target"] = $"/api/v1{SourceOf(trigger)}";
            links["drift"] = $"/api/v1{SourceOf(trigger)}/drift";
        }
        if (trigger.Run is { } run)
        {
            links["run"] = $"/api/v1/runs/{run}/manifest";
        }
        if (trigger.NewVersion > 0 && trigger.ModelName is { } model)
        {
            links["newVersion"] = string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/{Uri.EscapeDataString(model)}/versions/{trigger.NewVersion}");
        }
        return links.ToImmutable();
    }
}
