using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Monitoring;

public sealed class MonitoringKeyTests
{
    private static readonly MonitorTarget[] Targets = [MonitorTarget.Of(1, 2), MonitorTarget.Of(9_999_999_999, 2_000_000_000), MonitorTarget.Of("house"), MonitorTarget.Of("a|b/\\#?\u202e" + new string('x', 190))];

    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[0, 32_503_680_000_000 - 1].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    [Fact]
    public void Keys_are_short_and_legal_whatever_names_are() => Gen.Select(Gen.Int[0, Targets.Length - 1].Select(static at => Targets[at]), Gen.String[0, 200], Instants).Sample(static (target, id, at) =>
    {
        string[] keys =
        [
            MonitoringKeys.Target(target), MonitoringKeys.Monitor(target, id), MonitoringKeys.Baseline(target, 1), MonitoringKeys.Claim(target, id), MonitoringKeys.Window(target, at, id), MonitoringKeys.Part(target, id, id),
            MonitoringKeys.Batch(target, id), MonitoringKeys.Labels(target, DateOnly.FromDateTime(at.UtcDateTime), id), MonitoringKeys.Waiting(target, DateOnly.FromDateTime(at.UtcDateTime), id),
            MonitoringKeys.Result(target, at, id, 1), MonitoringKeys.ChangedWindow(target, at, at, id), MonitoringKeys.ChangedLabels(target, id), MonitoringKeys.ChangedBaseline(target), MonitoringKeys.Detectors(target),
            MonitoringKeys.Lease(target),
        ];
        return keys.Distinct(StringComparer.Ordinal).Count() == keys.Length
            && keys.All(static key => TableLimits.Broken(new Azure.Data.Tables.TableEntity("0", key), out _) is null);
    });

    [Fact]
    public void Windows_sort_by_their_starts_and_results_the_other_way() => Gen.Select(Instants, Instants, Gen.Int[1, 1_000_000], Gen.Int[1, 1_000_000]).Where(static (a, b, _, _) => a < b).Sample(static (a, b, first, second) =>
    {
        var target = Targets[0];
        return string.CompareOrdinal(MonitoringKeys.Window(target, a, "z"), MonitoringKeys.Window(target, b, "a")) < 0
            && string.CompareOrdinal(MonitoringKeys.Result(target, a, "z", first), MonitoringKeys.Result(target, b, "a", second)) > 0
            && Math.Sign(string.CompareOrdinal(MonitoringKeys.Result(target, a, "a", first), MonitoringKeys.Result(target, a, "a", second))) == -first.CompareTo(second)
            && PageToken.IsWithin(MonitoringKeys.Window(target, a, "z"), MonitoringKeys.Windows(target, a, b).From, MonitoringKeys.Windows(target, a, b).Below)
            && !PageToken.IsWithin(MonitoringKeys.Window(target, b, "z"), MonitoringKeys.Windows(target, a, b).From, MonitoringKeys.Windows(target, a, b).Below);
    });

    [Fact]
    public void What_is_to_be_computed_names_what_it_is_and_is_found_when_it_is_due() => Gen.Select(Gen.Int[0, Targets.Length - 1].Select(static at => Targets[at]), Gen.String[1, 50], Instants, Instants).Sample(static (target, id, start, due) =>
    {
        var (at, later) = (MonitoringKeys.ChangedWindow(target, null, start, id), MonitoringKeys.ChangedWindow(target, due, start, id));
        var (from, below) = MonitoringKeys.ChangedBy(due);
        var (before, beforeDue) = MonitoringKeys.ChangedBy(due.AddMilliseconds(-1));
        return new[] { at, later }.All(key => MonitoringKeys.TargetOfChange(key) == target.Key && MonitoringKeys.KindOfChange(key) == 'w' && MonitoringKeys.WindowOfChange(key) == MonitoringKeys.Window(target, start, id))
            && PageToken.IsWithin(at, from, below) && PageToken.IsWithin(later, from, below) && (due.ToUnixTimeMilliseconds() == 0 || !PageToken.IsWithin(later, before, beforeDue))
            && PageToken.IsWithin(at, MonitoringKeys.ChangedOf(target).From, MonitoringKeys.ChangedOf(target).Below)
            && MonitoringKeys.BatchOfChange(MonitoringKeys.ChangedLabels(target, id)) == MonitoringKeys.Batch(target, id)
            && MonitoringKeys.KindOfChange(MonitoringKeys.ChangedBaseline(target)) == 'b';
    });

    [Fact]
    public void The_drawings_are_those_of_the_architecture()
    {
        var drawings = Repository.Read("functions/ServerlessMeta/Monitoring/MonitoringKeys.cs").Split("/// <code>\n").Skip(1)
            .Select(static part => string.Join('\n', part.Split("/// </code>")[0].TrimEnd().Split('\n').Select(static line => line[(line.IndexOf("///", StringComparison.Ordinal) + 3)..].TrimStart(' ')))).ToList();

        Assert.Equal(2, drawings.Count);
        Assert.All(drawings, static drawing => Assert.Contains(drawing.Trim(), Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal));
    }
}
