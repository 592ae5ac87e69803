using System.Collections.Immutable;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Head">What stands above every tab.</param>
/// <param name="Tab">The name of the tab that is shown.</param>
/// <param name="Tabs">All tabs: their names and titles.</param>
/// <param name="Content">The model of the tab.</param>
public sealed record RunModel(RunHead Head, string Tab, ImmutableArray<(string Name, string Title)> Tabs, object Content);
