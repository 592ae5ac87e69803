using System.Text.RegularExpressions;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>
/// Says when two texts are the same class, since labels and predictions come from different programs: <c>1</c> is <c>1.0</c>, <c>True</c> is <c>true</c>;
/// and where the positive class is a 1 or a true, booleans and these digits are one.
/// </summary>
internal sealed partial class ClassWords
{
    private readonly ModelTask task;
    private readonly bool isBoolean;

    public ClassWords(PredictionSchema schema)
    {
        task = schema.Task;
        var positive = Plain(schema.Positive ?? "1");
        isBoolean = task is ModelTask.Binary && positive is "1" or "true";
        Positive = isBoolean ? "1" : positive;
        Negative = isBoolean ? "0" : $"not {positive}";
    }

    public string Positive { get; }

    /// <summary>The other class, where its word is not known.</summary>
    public string Negative { get; }

    public string Of(string text) => (Plain(text), isBoolean) switch
    {
        ("true", true) => "1",
        ("false", true) => "0",
        var (plain, _) => plain,
    };

    /// <summary>The label and the prediction as classes; a score alone is a prediction at one half. Null without a label, and without either of these.</summary>
    public (string Actual, string Predicted)? Pair(JoinedPrediction one)
    {
        if (one.Label is not { } label)
        {
            return null;
        }
        var actual = Of(label);
        if (one.Prediction is { } prediction)
        {
            return (actual, Of(prediction));
        }
        if (task is not ModelTask.Binary || one.Score is not { } score || !double.IsFinite(score))
        {
            return null;
        }
        // Nobody said what the other class is called: by what the label says, if that is another than the positive one.
        return (actual, score >= 0.5 ? Positive : actual == Positive ? Negative : actual);
    }

    private static string Plain(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? "true"
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? "false"
        : WholeNumber.Match(text) is { Success: true } match ? match.Groups["whole"].Value
        : text;

    [GeneratedRegex(@"^(?<whole>-?[0-9]+)\.0+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex WholeNumber { get; }
}
