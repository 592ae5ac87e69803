using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Finding;

/// <param name="Text">What was looked for; empty: nothing yet.</param>
/// <param name="Groups">What has it.</param>
public sealed record SearchModel(string Text, ImmutableArray<FoundGroup> Groups);
