using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>A tree of conditions.</summary>
public abstract record RuleNode
{
    /// <summary>Every condition below, in the order in which they stand.</summary>
    public IEnumerable<RuleCondition> Conditions => this switch
    {
        Leaf leaf => [leaf.Condition],
        All all => all.Of.SelectMany(static node => node.Conditions),
        Any any => any.Of.SelectMany(static node => node.Conditions),
        Not not => not.Of.Conditions,
        _ => [],
    };

    public sealed record All(ImmutableArray<RuleNode> Of) : RuleNode;

    public sealed record Any(ImmutableArray<RuleNode> Of) : RuleNode;

    public sealed record Not(RuleNode Of) : RuleNode;

    public sealed record Leaf(RuleCondition Condition) : RuleNode;
}
