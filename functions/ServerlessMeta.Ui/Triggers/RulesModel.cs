using System.Collections.Immutable;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Triggers;

/// <param name="Rules">Those that were changed last first, of a page.</param>
/// <param name="Next">The page behind this one.</param>
/// <param name="FirstSteps">How a rule is set.</param>
public sealed record RulesModel(ImmutableArray<RuleLine> Rules, string? Next, IReadOnlyList<Snippet> FirstSteps);
