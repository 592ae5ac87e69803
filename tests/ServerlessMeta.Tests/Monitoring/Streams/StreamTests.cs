using ServerlessMeta.Monitoring.Detectors;

namespace ServerlessMeta.Tests.Monitoring.Streams;

/// <summary>Detectors on streams whose change is known: they find it within a stated delay, and are silent while nothing changes.</summary>
public sealed class StreamTests
{
    private const int Change = 3000;

    public static TheoryData<string, int> Sea => Cases((Adwin.Name, 700), (HddmA.Name, 700), (PageHinkley.Name, 1200));

    public static TheoryData<string, int> Stagger => Cases((Adwin.Name, 64), (HddmA.Name, 30), (HddmW.Name, 60), (Ddm.Name, 20), (PageHinkley.Name, 120), (Kswin.Name, 60));

    [Theory]
    [MemberData(nameof(Sea))]
    public void A_moved_threshold_is_found(string detector, int delay)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var found = Alarms(detector, SeaStream.Rows(seed, Change + delay, [(0, 8), (Change, 9.5)])).FirstOrDefault(-1);

            Assert.InRange(found, Change, Change + delay - 1);
        }
    }

    [Theory]
    [MemberData(nameof(Stagger))]
    public void Another_concept_is_found_at_once(string detector, int delay)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var found = Alarms(detector, StaggerStream.Rows(seed, Change + delay, (0, 0), (Change, 1))).FirstOrDefault(-1);

            Assert.InRange(found, Change, Change + delay - 1);
        }
    }

    [Theory]
    [InlineData(Adwin.Name)]
    [InlineData(HddmA.Name)]
    [InlineData(PageHinkley.Name)]
    public void Each_of_several_changes_is_found_once(string detector)
    {
        var found = Alarms(detector, StaggerStream.Rows(1, 4000, (0, 0), (1000, 1), (2000, 0), (3000, 2))).Where(static at => at is >= 1000 and < 1200 or >= 3000 and < 3200).Select(static at => at / 1000);

        Assert.Equal([1, 3], found);
    }

    [Theory]
    [InlineData(Adwin.Name)]
    [InlineData(HddmA.Name)]
    [InlineData(PageHinkley.Name)]
    public void A_stable_stream_is_silent(string detector)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            Assert.Empty(Alarms(detector, SeaStream.Rows(seed, 5000, [(0, 8)])));
            Assert.Empty(Alarms(detector, StaggerStream.Rows(seed, 5000, (0, 0))));
        }
    }

    [Fact]
    public void Data_that_moves_without_its_concept_is_no_concept_drift()
    {
        Assert.Empty(Alarms(Adwin.Name, SeaStream.Rows(1, 6000, [(0, 8)], shift: -2, shiftAt: 3000)));
        Assert.Empty(Alarms(HddmA.Name, SeaStream.Rows(1, 6000, [(0, 8)], shift: -2, shiftAt: 3000)));
    }

    private static TheoryData<string, int> Cases(params (string Detector, int Delay)[] cases)
    {
        var data = new TheoryData<string, int>();
        foreach (var (detector, delay) in cases)
        {
            data.Add(detector, delay);
        }
        return data;
    }

    private static IEnumerable<int> Alarms(string name, IEnumerable<StreamRow> rows)
    {
        var detector = DetectorSet.New(name);
        foreach (var row in rows)
        {
            detector.Update(row.Label == row.Prediction ? 0 : 1);
            if (detector.IsDrift)
            {
                yield return row.Index;
            }
        }
    }
}
