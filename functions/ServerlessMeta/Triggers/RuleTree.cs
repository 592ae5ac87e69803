namespace ServerlessMeta.Triggers;

/// <summary>
/// A tree of conditions, some of which may be unknown. Any: hit when one is; else unknown when one is. All: not when one is not; else unknown when one is. So a window whose labels are still to come
/// is judged by what they cannot change. When nothing more comes, any is judged by what is known of it, and only one of which nothing is known is not judged.
/// </summary>
internal static class RuleTree
{
    /// <param name="hit">What a condition says, by the threshold to stay or the one to enter; null: unknown.</param>
    /// <param name="stays">Whether the rule is firing, so that it is asked whether it stays so. In a not it is the other way about: what must be gone to enter may come back a little.</param>
    /// <param name="isFinal">Nothing more comes to be known.</param>
    public static bool? Holds(RuleNode node, Func<RuleCondition, bool, bool?> hit, bool stays, bool isFinal)
    {
        switch (node)
        {
            case RuleNode.Leaf leaf:
                return hit(leaf.Condition, stays);
            case RuleNode.Not not:
                return !Holds(not.Of, hit, !stays, isFinal);
            case RuleNode.Any any:
                var one = Seen(any.Of, hit, stays, isFinal);
                return one.True ? true : one.Unknown && !(isFinal && one.False) ? null : false;
            case RuleNode.All all:
                var every = Seen(all.Of, hit, stays, isFinal);
                return every.False ? false : every.Unknown ? null : true;
            default:
                throw new InvalidOperationException($"{node.GetType().Name} is no condition.");
        }
    }

    private static (bool True, bool False, bool Unknown) Seen(IReadOnlyList<RuleNode> nodes, Func<RuleCondition, bool, bool?> hit, bool stays, bool isFinal)
    {
        var seen = nodes.Select(node => Holds(node, hit, stays, isFinal)).ToList();
        return (seen.Contains(true), seen.Contains(false), seen.Contains(null));
    }
}
