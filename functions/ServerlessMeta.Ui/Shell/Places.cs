using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Shell;

/// <summary>What the navigation leads to, in its order. A page that is not there is not named.</summary>
internal static class Places
{
    public static ImmutableArray<Place> All { get; } =
    [
        new("Home", "/"),
        new("Experiments", "/experiments", "/runs", "/compare"),
        new("Models", "/models"),
        new("Data", "/data"),
        new("Monitoring", "/monitoring", "/triggers", "/rules"),
        new("Audit", "/audit"),
        new("Queues", "/queues"),
        new("API", "/docs"),
    ];
}
