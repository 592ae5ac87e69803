using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Platform;

public sealed class BackOffTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_loses_waits_longer_each_time_up_to_a_tenth_of_a_second()
    {
        var clock = new FakeTimeProvider();
        var started = clock.GetTimestamp();
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var wait = BackOff.WaitAsync(clock, started, attempt, Ct);
            clock.Advance(TimeSpan.FromMilliseconds(attempt switch { 0 => 4, 1 => 8, 2 => 16, 3 => 32, 4 => 64, _ => 100 }));

            Assert.True(await wait.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ct));
        }
    }

    [Fact]
    public async Task Whoever_lost_for_ten_seconds_gives_up_at_once()
    {
        var clock = new FakeTimeProvider();
        var started = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(10));
        var last = BackOff.WaitAsync(clock, started, 0, Ct);
        clock.Advance(TimeSpan.FromMilliseconds(4));

        Assert.True(await last.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ct));
        Assert.False(await BackOff.WaitAsync(clock, started, 1, Ct));
    }
}
