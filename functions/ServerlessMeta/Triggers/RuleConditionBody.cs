using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Reads one condition of a rule and finds every fault in it.</summary>
internal sealed class RuleConditionBody(List<Failure.Invalid> faults)
{
    private const int LongestName = 500;
    private const int MostTop = 10_000;
    private const long UsualMinN = 30;

    /// <summary>What each signal may say beside <c>signal</c>.</summary>
    private static readonly Dictionary<RuleSignal, string[]> Fields = new()
    {
        [RuleSignal.DataDrift] = ["metric", "column", "top", "share", "op", "enter", "exit", "minN", "minEffect", "alpha", "baseline"],
        [RuleSignal.PredictionDrift] = ["metric", "column", "top", "share", "op", "enter", "exit", "minN", "minEffect", "alpha", "baseline"],
        [RuleSignal.Missing] = ["metric", "column", "top", "share", "op", "enter", "exit", "minN", "minEffect", "alpha", "baseline"],
        [RuleSignal.Performance] = ["metric", "op", "enter", "exit", "minN", "minEffect", "alpha", "baseline"],
        [RuleSignal.ConceptDrift] = ["metric", "op", "enter", "exit", "minN", "baseline"],
        [RuleSignal.Detector] = ["metric", "op", "enter", "exit", "minN", "baseline"],
        [RuleSignal.NewData] = ["metric", "enter"],
        [RuleSignal.Staleness] = ["enter"],
        [RuleSignal.Schedule] = ["cron", "timeZone"],
        [RuleSignal.RunAnomaly] = ["metric", "column", "enter"],
    };

    private static readonly string[] AllFields = ["signal", .. Fields.Values.SelectMany(static names => names).Distinct()];

    public RuleCondition? Read(JsonElement value, string path)
    {
        var before = faults.Count;
        var given = new BodyReader(value, path, faults, AllFields);
        if (!given.IsObject)
        {
            return null;
        }
        var word = given.NeedText("signal", 40);
        if (word is null || RuleWords.FindSignal(word) is not { } signal)
        {
            if (word is not null)
            {
                given.Refuse("signal", $"One of {RuleWords.All<RuleSignal>()} is expected.");
            }
            return null;
        }
        foreach (var (name, _) in given.All.Where(field => field.Key != "signal" && !Fields[signal].Contains(field.Key, StringComparer.Ordinal)))
        {
            given.Refuse(name, $"A condition on {word} has no such field; it has {string.Join(", ", Fields[signal])}.");
        }
        var condition = signal switch
        {
            RuleSignal.Schedule => ReadSchedule(given),
            RuleSignal.Staleness => ReadStaleness(given),
            RuleSignal.NewData => ReadNewData(given),
            RuleSignal.RunAnomaly => ReadAnomaly(given),
            _ => ReadWindow(given, signal),
        };
        return faults.Count == before ? condition : null;
    }

    private static RuleCondition ReadWindow(BodyReader given, RuleSignal signal)
    {
        var columns = ReadColumns(given);
        var metric = given.Text("metric", LongestName);
        var isOfAlarms = signal is RuleSignal.Detector || (signal is RuleSignal.ConceptDrift && metric is null or RuleCondition.Verdict);
        if (signal is RuleSignal.Detector)
        {
            given.Need("metric");
        }
        metric ??= signal switch
        {
            RuleSignal.DataDrift when columns is null => ConditionReader.DriftShare,
            RuleSignal.Missing => "missing",
            _ => RuleCondition.Verdict,
        };
        if (columns is not null && ConditionReader.IsOfDataset(metric))
        {
            given.Refuse("metric", $"{metric} is of the window as a whole: it has no column, top or share.");
        }
        var isOfP = metric.EndsWith(ConditionReader.PValue, StringComparison.Ordinal);
        var comparison = ReadOperator(given, isOfP ? RuleOperator.Below : RuleOperator.AtLeast);
        var enter = given.Number("enter");
        var usual = metric == RuleCondition.Verdict || isOfAlarms ? 1 : metric == ConditionReader.DriftShare ? 0.5 : (double?)null;
        if (usual is null)
        {
            given.Need("enter");
        }
        var threshold = enter ?? usual ?? 0;
        var exit = given.Number("exit") ?? threshold;
        var isUp = comparison is RuleOperator.AtLeast or RuleOperator.Above;
        if (isUp ? exit > threshold : exit < threshold)
        {
            given.Refuse("exit", $"The threshold to leave by is not {(isUp ? "above" : "below")} the one to enter by: a rule that fires would leave at once.");
        }
        if (given.Number("minEffect") is < 0)
        {
            given.Refuse("minEffect", "The least effect is not negative.");
        }
        if (given.Number("alpha") is <= 0 or >= 1)
        {
            given.Refuse("alpha", "A level between 0 and 1 is expected.");
        }
        return new RuleCondition
        {
            Signal = signal,
            Metric = metric,
            Baseline = ReadBaseline(given, signal),
            Columns = columns,
            Operator = comparison,
            Enter = threshold,
            Exit = exit,
            MinN = given.Whole("minN", 0, 1_000_000_000_000) ?? (isOfAlarms ? 0 : UsualMinN),
            MinEffect = given.Number("minEffect"),
            Alpha = given.Number("alpha"),
        };
    }

    private static ColumnChoice? ReadColumns(BodyReader given)
    {
        if ((given.Has("column") ? 1 : 0) + (given.Has("top") ? 1 : 0) + (given.Has("share") ? 1 : 0) > 1)
        {
            given.Refuse("column", "One of column, top and share is expected.");
        }
        var share = given.Number("share");
        if (share is <= 0 or > 1)
        {
            given.Refuse("share", "A share above 0, up to 1 is expected.");
        }
        return given.Text("column", LongestName) is { } column ? new ColumnChoice.Named(column)
            : given.Whole("top", 1, MostTop) is { } top ? new ColumnChoice.Top((int)top)
            : share is { } part ? new ColumnChoice.Share(part) : null;
    }

    private static RuleOperator ReadOperator(BodyReader given, RuleOperator usual)
    {
        if (given.Text("op", 2) is not { } sign)
        {
            return usual;
        }
        if (RuleWords.FindOperator(sign) is { } comparison)
        {
            return comparison;
        }
        given.Refuse("op", "One of >=, >, <=, < is expected.");
        return usual;
    }

    private static string ReadBaseline(BodyReader given, RuleSignal signal)
    {
        if (given.Text("baseline", 20) is not { } text || text == RuleCondition.Training)
        {
            return RuleCondition.Training;
        }
        if (ReferenceWindows.Parse(text) is null)
        {
            given.Refuse("baseline", $"{RuleCondition.Training}, {ReferenceWindows.Expected} is expected.");
        }
        else if (signal is not (RuleSignal.DataDrift or RuleSignal.PredictionDrift or RuleSignal.Missing))
        {
            given.Refuse("baseline", $"Data is compared with earlier windows, labels and detectors are not: {RuleCondition.Training} is expected.");
        }
        return text;
    }

    private static RuleCondition ReadSchedule(BodyReader given)
    {
        var (cron, zone) = (given.NeedText("cron", 200), given.Text("timeZone", 100));
        if (cron is not null && !RuleClock.TryParse(cron, out _))
        {
            given.Refuse("cron", RuleClock.Problem);
        }
        if (zone is not null && RuleClock.FindZone(zone) is null)
        {
            given.Refuse("timeZone", RuleClock.ZoneProblem);
        }
        return new RuleCondition { Signal = RuleSignal.Schedule, Metric = "occurrence", Enter = 1, Exit = 1, Cron = cron, TimeZone = zone };
    }

    private static RuleCondition ReadStaleness(BodyReader given)
    {
        var text = given.NeedText("enter", 40);
        var isDuration = RuleDuration.TryParse(text, out var age) && age > TimeSpan.Zero;
        if (text is not null && !isDuration)
        {
            given.Refuse("enter", RuleDuration.Problem);
        }
        return new RuleCondition { Signal = RuleSignal.Staleness, Metric = "age", Enter = age.TotalSeconds, Exit = age.TotalSeconds };
    }

    private static RuleCondition ReadNewData(BodyReader given)
    {
        var metric = given.Text("metric", 10) ?? "rows";
        if (metric is not ("rows" or "share"))
        {
            given.Refuse("metric", "rows, or share of the baseline's rows, is expected.");
        }
        given.Need("enter");
        var enter = given.Number("enter");
        if (enter is <= 0)
        {
            given.Refuse("enter", "More than 0 is expected.");
        }
        return new RuleCondition { Signal = RuleSignal.NewData, Metric = metric, Enter = enter ?? 1, Exit = enter ?? 1 };
    }

    private static RuleCondition ReadAnomaly(BodyReader given)
    {
        var kind = given.Text("metric", 40) ?? "any";
        var enter = given.Whole("enter", 1, 1000) ?? 1;
        return new RuleCondition { Signal = RuleSignal.RunAnomaly, Metric = kind, Columns = given.Text("column", LongestName) is { } series ? new ColumnChoice.Named(series) : null, Enter = enter, Exit = enter };
    }
}
