using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Experiments;
using ServerlessMeta.Messages;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Reads a rule and finds every fault in it, not the first alone. What <see cref="RuleText"/> writes reads as the same rule.</summary>
internal sealed class RuleBody
{
    private const int DeepestTree = 8;
    private const int MostConditions = 50;
    private const int MostBranches = 20;
    private const int MostActions = 8;
    private const int MostQuiet = 10;
    private const int MostWindows = 100;
    private const int LongestName = 250;
    private readonly List<Failure.Invalid> faults = [];
    private int conditions;

    private RuleBody()
    {
    }

    /// <returns>The rule, or its faults.</returns>
    /// <param name="body">What was sent.</param>
    /// <param name="id">The rule's id; the body may repeat it.</param>
    public static (RuleDefinition? Definition, IReadOnlyList<Failure.Invalid> Faults) Read(JsonElement body, string? id)
    {
        var reader = new RuleBody();
        var definition = reader.ReadAll(body, id);
        return reader.faults.Count == 0 && definition is not null ? (definition, []) : (null, reader.faults);
    }

    private RuleDefinition? ReadAll(JsonElement body, string? id)
    {
        var members = new BodyReader(body, "", faults, "id", "target", "when", "aggregate", "actions", "mode");
        if (members.Text("id", LongestName) is { } said && id is not null && said != id)
        {
            members.Refuse("id", $"The rule's id is '{id}', as the path says.");
        }
        var target = members.Need("target") is { } place ? ReadTarget(place) : null;
        var when = members.Need("when") is { } tree ? ReadNode(tree, "when", 1, false) : null;
        var aggregate = members.Find("aggregate") is { } how ? ReadAggregate(how) : new RuleAggregate();
        var actions = ReadActions(members);
        var mode = members.Text("mode", 10) is not { } word ? RuleMode.Suggest : RuleWords.FindMode(word);
        if (mode is null)
        {
            members.Refuse("mode", $"One of {RuleWords.All<RuleMode>()} is expected.");
        }
        if (target is not null && when is not null)
        {
            Match(target, when, members);
        }
        return target is null || when is null || mode is null ? null : new RuleDefinition(target, when, aggregate, actions, mode.Value);
    }

    private static void Match(RuleTarget target, RuleNode when, BodyReader members)
    {
        var all = when.Conditions.ToList();
        if (target is RuleTarget.OfExperiment && all.Exists(static condition => condition.Signal is not (RuleSignal.RunAnomaly or RuleSignal.Schedule)))
        {
            members.Refuse("when", "A rule on an experiment has conditions on runAnomaly and schedule.");
        }
        if (target is not RuleTarget.OfExperiment && all.Exists(static condition => condition.Signal is RuleSignal.RunAnomaly))
        {
            members.Refuse("when", "A condition on runAnomaly needs an experiment as the target.");
        }
        if (target is RuleTarget.OfMonitor && all.Exists(static condition => condition.Signal is RuleSignal.Staleness))
        {
            members.Refuse("when", "A monitor has no version whose age could be told.");
        }
    }

    private RuleTarget? ReadTarget(JsonElement value)
    {
        var given = new BodyReader(value, "target", faults, "model", "version", "alias", "monitor", "experiment");
        if (!given.IsObject)
        {
            return null;
        }
        var before = faults.Count;
        var (model, monitor, experiment) = (given.Text("model", LongestName), given.Text("monitor", LongestName), given.Text("experiment", 20));
        if (experiment is not null && !ExperimentId.TryParse(experiment, CultureInfo.InvariantCulture, out _))
        {
            given.Refuse("experiment", "The id of an experiment is expected, as \"12\".");
        }
        if (given.Has("model") && given.Has("monitor"))
        {
            given.Refuse("monitor", "A rule watches a model or a monitor.");
        }
        if (!given.Has("model") && (given.Has("version") || given.Has("alias")))
        {
            given.Refuse(given.Has("version") ? "version" : "alias", "It is of a model.");
        }
        if (!given.Has("model") && !given.Has("monitor") && !given.Has("experiment"))
        {
            given.Refuse("model", "A model, a monitor or an experiment is needed.");
        }
        var (number, alias) = ReadVersion(given);
        return faults.Count > before ? null
            : model is not null ? new RuleTarget.OfModel(model, number, alias, experiment)
            : monitor is not null ? new RuleTarget.OfMonitor(monitor, experiment)
            : new RuleTarget.OfExperiment(experiment!);
    }

    // A number, alias:{alias}, or champion, which is what is watched when nothing is said.
    private static (int? Number, string? Alias) ReadVersion(BodyReader given)
    {
        const string Prefix = "alias:";
        var alias = given.Text("alias", 255);
        if (given.Find("version") is not { } version)
        {
            return (null, alias);
        }
        if (alias is not null)
        {
            given.Refuse("alias", "A version is named by its number or by an alias.");
        }
        if (version.ValueKind is JsonValueKind.Number && version.TryGetInt32(out var number) && number > 0)
        {
            return (number, null);
        }
        if (version.ValueKind is JsonValueKind.String && version.GetString() is { } text)
        {
            if (text == RuleText.Champion)
            {
                return (null, null);
            }
            if (text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length is > 6 and <= 261)
            {
                return (null, text[Prefix.Length..]);
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0)
            {
                return (number, null);
            }
        }
        given.Refuse("version", "A version is named by its number, alias:<alias>, or champion.");
        return (null, null);
    }

    private RuleNode? ReadNode(JsonElement value, string path, int depth, bool isInNot)
    {
        if (depth > DeepestTree)
        {
            Refuse(path, string.Create(CultureInfo.InvariantCulture, $"Conditions are nested up to {DeepestTree} deep."));
            return null;
        }
        if (value.ValueKind is JsonValueKind.Object && value.TryGetProperty("signal", out _))
        {
            return ReadLeaf(value, path, isInNot);
        }
        var given = new BodyReader(value, path, faults, "all", "any", "not");
        if (!given.IsObject)
        {
            return null;
        }
        var names = given.All.Select(static member => member.Key).ToList();
        if (names.Count != 1)
        {
            Refuse(path, "One of all, any, not is expected, or a condition with its signal.");
            return null;
        }
        if (names[0] == "not" && given.Find("not") is { ValueKind: JsonValueKind.Object } single)
        {
            return ReadNode(single, $"{path}.not", depth + 1, true) is { } one ? new RuleNode.Not(one) : null;
        }
        var items = given.Items(names[0], MostBranches);
        if (items is null)
        {
            return null;
        }
        if (items.Count == 0)
        {
            given.Refuse(names[0], "It is not empty.");
            return null;
        }
        var nodes = items.Select((item, place) => ReadNode(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{names[0]}[{place}]"), depth + 1, isInNot || names[0] == "not")).ToList();
        ImmutableArray<RuleNode> whole = [.. nodes.OfType<RuleNode>()];
        // Not of several: none of them.
        return whole.Length < nodes.Count ? null : names[0] switch
        {
            "all" => new RuleNode.All(whole),
            "any" => new RuleNode.Any(whole),
            _ => new RuleNode.Not(whole.Length == 1 ? whole[0] : new RuleNode.Any(whole)),
        };
    }

    private RuleNode.Leaf? ReadLeaf(JsonElement value, string path, bool isInNot)
    {
        if (++conditions == MostConditions + 1)
        {
            Refuse("when", string.Create(CultureInfo.InvariantCulture, $"A rule has up to {MostConditions} conditions."));
        }
        if (conditions > MostConditions)
        {
            return null;
        }
        var condition = new RuleConditionBody(faults).Read(value, path);
        if (isInNot && condition?.Signal is RuleSignal.Schedule or RuleSignal.RunAnomaly)
        {
            Refuse(path, "What happens at moments does not stand in not: it would hold at every other moment.");
        }
        return condition is null ? null : new RuleNode.Leaf(condition);
    }

    private RuleAggregate ReadAggregate(JsonElement value)
    {
        var given = new BodyReader(value, "aggregate", faults, "m", "n", "cooldown", "maxPerDay", "quiet", "timeZone", "repeatAfter", "graceWindows");
        var n = given.Whole("n", 1, MostWindows);
        var m = given.Whole("m", 1, MostWindows) ?? 1;
        if (m > (n ?? m))
        {
            given.Refuse("m", "No more windows can hit than are looked at: m is up to n.");
        }
        var quiet = given.Items("quiet", MostQuiet) ?? [];
        for (var i = 0; i < quiet.Count; i++)
        {
            if (quiet[i].ValueKind is not JsonValueKind.String || !RuleClock.TryParse(quiet[i].GetString()!, out _))
            {
                Refuse(string.Create(CultureInfo.InvariantCulture, $"aggregate.quiet[{i}]"), RuleClock.Problem);
            }
        }
        var zone = given.Text("timeZone", 100);
        if (zone is not null && RuleClock.FindZone(zone) is null)
        {
            given.Refuse("timeZone", RuleClock.ZoneProblem);
        }
        return new RuleAggregate
        {
            M = (int)m,
            N = (int)(n ?? m),
            Cooldown = ReadDuration(given, "cooldown") ?? TimeSpan.Zero,
            MaxPerDay = (int?)given.Whole("maxPerDay", 1, 100),
            Quiet = [.. quiet.Where(static cron => cron.ValueKind is JsonValueKind.String).Select(static cron => cron.GetString()!)],
            TimeZone = zone,
            RepeatAfter = ReadDuration(given, "repeatAfter", TimeSpan.FromMinutes(1)),
            GraceWindows = (int)(given.Whole("graceWindows", 0, MostWindows) ?? 2),
        };
    }

    private static TimeSpan? ReadDuration(BodyReader given, string name, TimeSpan least = default)
    {
        if (given.Text(name, 40) is not { } text)
        {
            return null;
        }
        if (RuleDuration.TryParse(text, out var duration) && duration >= least)
        {
            return duration;
        }
        given.Refuse(name, RuleDuration.Problem);
        return null;
    }

    private ImmutableArray<RuleAction> ReadActions(BodyReader members)
    {
        if (!members.Has("actions"))
        {
            return [new RuleAction.ServiceBus(Entities.Retraining)];
        }
        var items = members.Items("actions", MostActions) ?? [];
        var actions = ImmutableArray.CreateBuilder<RuleAction>();
        for (var i = 0; i < items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"actions[{i}]");
            if (items[i].ValueKind is JsonValueKind.String && items[i].GetString() == RuleText.NoAction)
            {
                continue;
            }
            if (ReadAction(items[i], path) is not { } action)
            {
                continue;
            }
            if (actions.Any(other => other with { TellsDrift = action.TellsDrift } == action))
            {
                Refuse(path, "It stands there twice.");
            }
            actions.Add(action);
        }
        return actions.ToImmutable();
    }

    private RuleAction? ReadAction(JsonElement value, string path)
    {
        var given = new BodyReader(value, path, faults, "type", "entity", "url", "secretRef", "tellsDrift");
        if (!given.IsObject)
        {
            return null;
        }
        switch (given.NeedText("type", 20))
        {
            case RuleText.ServiceBus:
                RefuseOther(given, "url", "secretRef");
                var entity = given.Text("entity", 260) ?? Entities.Retraining;
                if (entity.Equals(Entities.Ingest, StringComparison.OrdinalIgnoreCase) || !entity.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/'))
                {
                    given.Refuse("entity", "The name of a queue or topic is expected, but not the store's own ingest.");
                }
                return new RuleAction.ServiceBus(entity) { TellsDrift = given.Flag("tellsDrift") ?? false };
            case RuleText.Webhook:
                RefuseOther(given, "entity");
                return given.NeedText("secretRef", 100) is { } secretRef ? new RuleAction.Webhook(given.Text("url", 500), secretRef) { TellsDrift = given.Flag("tellsDrift") ?? true } : null;
            case RuleText.NoAction:
                RefuseOther(given, "entity", "url", "secretRef", "tellsDrift");
                return null;
            case { }:
                given.Refuse("type", "One of serviceBus, webhook, none is expected.");
                return null;
            default:
                return null;
        }
    }

    private static void RefuseOther(BodyReader given, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (given.Has(name))
            {
                given.Refuse(name, "This action has no such field.");
            }
        }
    }

    private void Refuse(string path, string detail)
    {
        if (faults.Count < 100)
        {
            faults.Add(new Failure.Invalid(path, detail));
        }
    }
}
