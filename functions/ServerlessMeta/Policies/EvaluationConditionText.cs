using System.Globalization;
using System.Text;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>
/// Conditions on evaluations as text: <c>[low|high](metric) comparator number on dataset [digest text] [slice text] [n &gt;= number]</c>. Names with other characters than
/// letters, digits and <c>_ . - / : @ %</c> stand in double quotes, a quote or backslash in them behind a backslash. What is written reads as the same condition.
/// </summary>
internal static class EvaluationConditionText
{
    public const int Longest = 4000;
    private const string Example = "A condition is written as in accuracy >= 0.9 on holdout, or low(accuracy) >= 0.9 on holdout digest 1a2b slice \"age < 30\" n >= 500";

    public static string Write(EvaluationCondition condition)
    {
        var text = new StringBuilder();
        _ = condition.Bound is MetricBound.Value ? text.Append(Quote(condition.Metric)) : text.Append(condition.Bound is MetricBound.Low ? "low(" : "high(").Append(Quote(condition.Metric)).Append(')');
        text.Append(' ').Append(Comparators.SignOf(condition.Comparator)).Append(' ').Append(condition.Value.ToString("R", CultureInfo.InvariantCulture)).Append(" on ").Append(Quote(condition.Dataset));
        if (condition.Digest is { } digest)
        {
            text.Append(" digest ").Append(Quote(digest));
        }
        if (condition.Slice is { } slice)
        {
            text.Append(" slice ").Append(Quote(slice));
        }
        if (condition.LeastCount is { } count)
        {
            text.Append(" n >= ").Append(count.ToString(CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    public static Result<EvaluationCondition> Parse(string text)
    {
        if (text.Length > Longest)
        {
            return new Failure.Invalid("condition", string.Create(CultureInfo.InvariantCulture, $"A condition has up to {Longest} characters."));
        }
        var tokens = Split(text);
        if (tokens is null)
        {
            return Refuse("a quotation is not closed");
        }
        var at = 0;
        var bound = MetricBound.Value;
        if (tokens.Count > 1 && tokens[0] is { IsQuoted: false, Text: "low" or "high" } word && Is(1, "("))
        {
            (bound, at) = (word.Text == "low" ? MetricBound.Low : MetricBound.High, 2);
        }
        if (Name() is not { } metric)
        {
            return Refuse("it begins with a metric");
        }
        if (bound is not MetricBound.Value && !Take(")"))
        {
            return Refuse("a parenthesis is not closed");
        }
        if (at == tokens.Count || tokens[at].IsQuoted || Comparators.Find(tokens[at].Text) is not { } comparator)
        {
            return Refuse($"one of >=, >, <=, <, = is expected behind '{Short(metric)}'");
        }
        at++;
        if (Name() is not { } number || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return Refuse("a finite number is expected behind the comparator");
        }
        if (!Take("on") || Name() is not { } dataset)
        {
            return Refuse("on and a dataset are expected behind the number");
        }
        string? digest = null, slice = null;
        long? least = null;
        if (Take("digest") && (digest = Name()) is null)
        {
            return Refuse("a digest is expected behind digest");
        }
        if (Take("slice") && (slice = Name()) is null)
        {
            return Refuse("a slice is expected behind slice");
        }
        if (Take("n"))
        {
            if (!Take(">=") || Name() is not { } count || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var known) || known < 1)
            {
                return Refuse("n >= and a whole number from 1 are expected");
            }
            least = known;
        }
        if (at < tokens.Count)
        {
            return Refuse($"'{Short(tokens[at].Text)}' is not expected");
        }
        return new EvaluationCondition { Metric = metric, Bound = bound, Comparator = comparator, Value = value, Dataset = dataset, Digest = digest, Slice = slice, LeastCount = least };

        bool Is(int place, string sign) => place < tokens.Count && !tokens[place].IsQuoted && tokens[place].Text == sign;

        bool Take(string sign)
        {
            var taken = Is(at, sign);
            at += taken ? 1 : 0;
            return taken;
        }

        string? Name() => at < tokens.Count && (tokens[at].IsQuoted ? tokens[at].Text.Length > 0 : IsWord(tokens[at].Text)) ? tokens[at++].Text : null;
    }

    private static bool IsWord(string text) => text.Length > 0 && text.All(IsPlain);

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or ':' or '@' or '%' or '+';

    private static string Quote(string text) => IsWord(text) ? text : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static Failure.Invalid Refuse(string why) => new("condition", $"{Example}; here {why}.");

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";

    // Words, quotations, comparators and parentheses; null when a quotation is not closed.
    private static List<(string Text, bool IsQuoted)>? Split(string text)
    {
        var tokens = new List<(string, bool)>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
            }
            else if (text[i] == '"')
            {
                var inside = new StringBuilder();
                for (i++; i < text.Length && text[i] != '"'; i++)
                {
                    i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
                    inside.Append(text[i]);
                }
                if (i == text.Length)
                {
                    return null;
                }
                i++;
                tokens.Add((inside.ToString(), true));
            }
            else if (IsPlain(text[i]))
            {
                while (i < text.Length && IsPlain(text[i]))
                {
                    i++;
                }
                tokens.Add((text[start..i], false));
            }
            else
            {
                i += i + 1 < text.Length && text[i] is '<' or '>' or '=' && text.AsSpan(i + 1).StartsWith('=') ? 2 : 1;
                tokens.Add((text[start..i], false));
            }
        }
        return tokens;
    }
}
