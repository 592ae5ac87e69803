namespace ServerlessMeta.Triggers;

/// <summary>
/// A tree of conditions, some of which may be unknown. Any: hit when one is; not when none is and one is known. All: not when one is not; else unknown when one is. So a window without
/// labels is judged by what is known of it, and one of which nothing is known is not judged.
/// </summary>
internal static class RuleTree
{
    /// <param name="hit">What a condition says, by the threshold to stay or the one to enter; null: unknown.</param>
    /// <param name="stays">Whether the rule is firing, so that it is asked whether it stays so. In a not it is the other way about: what must be gone to enter may come back a little.</param>
    public static bool? Holds(RuleNode node, Func<RuleCondition, bool, bool?> hit, bool stays)
    {
        switch (node)
        {
            case RuleNode.Leaf leaf:
                return hit(leaf.Condition, stays);
            case RuleNode.Not not:
                return !Holds(not.Of, hit, !stays);
            case RuleNode.Any any:
                var (anyTrue, anyFalse) = Seen(any.Of, hit, stays);
                return anyTrue.Any ? true : anyFalse ? false : null;
            case RuleNode.All all:
                var (allTrue, oneFalse) = Seen(all.Of, hit, stays);
                return oneFalse ? false : allTrue.All ? true : null;
            default:
                throw new InvalidOperationException($"{node.GetType().Name} is no condition.");
        }
    }

    private static ((bool Any, bool All) True, bool False) Seen(IReadOnlyList<RuleNode> nodes, Func<RuleCondition, bool, bool?> hit, bool stays)
    {
        var (some, every, none) = (false, true, false);
        foreach (var node in nodes)
        {
            var one = Holds(node, hit, stays);
            some |= one is true;
            every &= one is true;
            none |= one is false;
        }
        return ((some, every), none);
    }
}
