namespace ServerlessMeta.Tests.Monitoring;

public sealed class DriftCasesTests
{
    [Fact]
    public void Every_case_has_its_data()
    {
        string[] ids = [.. DriftCases.Ids];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal([0.3], DriftCases.Numbers("one"));
        Assert.Equal("d", DriftCases.Words("cat300")[1]);
        Assert.All(ids, static id =>
        {
            var one = DriftCases.Get(id);
            Assert.InRange(one.RelTol, 0, 1e-6);
            Assert.NotEmpty(one.Expected.EnumerateObject());
        });
    }

    [Fact]
    public void A_figure_outside_the_tolerance_fails()
    {
        var one = DriftCases.Get("ks-1");

        one.Matches("D", 0.3 * (1 + (0.5 * one.RelTol)));

        Assert.ThrowsAny<Exception>(() => one.Matches("D", 0.3 * (1 + (2 * one.RelTol))));
        Assert.ThrowsAny<Exception>(() => DriftCases.Get("online-abrupt").Matches("ADWIN/drift", [1, 2]));
    }
}
