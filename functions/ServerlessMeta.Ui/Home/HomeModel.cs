using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Home;

/// <param name="FirstSteps">How the first run is logged.</param>
public sealed record HomeModel(IReadOnlyList<Snippet> FirstSteps);
