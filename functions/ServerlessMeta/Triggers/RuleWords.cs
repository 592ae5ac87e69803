namespace ServerlessMeta.Triggers;

/// <summary>The words of a rule's JSON.</summary>
internal static class RuleWords
{
    public static string Of(RuleSignal signal) => Camel(signal.ToString());

    public static string Of(RuleMode mode) => Camel(mode.ToString());

    public static string Of(RuleOperator comparison) => comparison switch
    {
        RuleOperator.AtLeast => ">=",
        RuleOperator.Above => ">",
        RuleOperator.AtMost => "<=",
        _ => "<",
    };

    public static RuleSignal? FindSignal(string word) => Find<RuleSignal>(word);

    public static RuleMode? FindMode(string word) => Find<RuleMode>(word);

    public static RuleOperator? FindOperator(string sign) => sign switch
    {
        ">=" => RuleOperator.AtLeast,
        ">" => RuleOperator.Above,
        "<=" => RuleOperator.AtMost,
        "<" => RuleOperator.Below,
        _ => null,
    };

    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(Camel));

    private static T? Find<T>(string word)
        where T : struct, Enum
    {
        foreach (var one in Enum.GetValues<T>())
        {
            if (Camel(one.ToString()) == word)
            {
                return one;
            }
        }
        return null;
    }

    private static string Camel(string name) => string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
}
