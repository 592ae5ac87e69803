using System.Text.RegularExpressions;
using ServerlessMeta.Models;

namespace ServerlessMeta.Approvals;

/// <summary>What a policy may guard: an alias, or the stage Staging or Production. Written <c>alias:production</c>, <c>stage:Production</c>.</summary>
public sealed partial record GateTarget
{
    public const string Problem = "alias:<alias>, stage:Staging or stage:Production is expected.";

    private GateTarget(string? alias, ModelStage? stage) => (Alias, Stage) = (alias, stage);

    /// <summary>The alias; null when it is a stage.</summary>
    public string? Alias { get; }

    /// <summary>The stage; null when it is an alias.</summary>
    public ModelStage? Stage { get; }

    /// <returns>Null when no alias can be named so.</returns>
    public static GateTarget? OfAlias(string alias) => AliasPattern.IsMatch(alias) && !ReservedPattern.IsMatch(alias) ? new(alias, null) : null;

    /// <returns>Null when it is no stage that may be guarded; names of stages have no case.</returns>
    public static GateTarget? OfStage(string stage) =>
        stage.Equals(nameof(ModelStage.Production), StringComparison.OrdinalIgnoreCase) ? new(null, ModelStage.Production)
        : stage.Equals(nameof(ModelStage.Staging), StringComparison.OrdinalIgnoreCase) ? new(null, ModelStage.Staging)
        : null;

    public static GateTarget? Parse(string text) => text.Split(':', 2) switch
    {
        ["alias", var alias] => OfAlias(alias),
        ["stage", var stage] => OfStage(stage),
        _ => null,
    };

    public override string ToString() => Alias is { } alias ? $"alias:{alias}" : $"stage:{Stage}";

    // What clients take for other names of versions is no alias.
    [GeneratedRegex(@"^(latest|v[0-9]+)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ReservedPattern { get; }

    [GeneratedRegex(@"^[\w\-]{1,255}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AliasPattern { get; }
}
