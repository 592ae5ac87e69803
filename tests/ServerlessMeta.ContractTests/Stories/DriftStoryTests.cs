using System.Globalization;
using ServerlessMeta.ContractTests.Clients;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Stories;

/// <summary>From training to the successor: windows and labels over Service Bus, drift, one trigger, retraining, a verdict; by real clients against ServerlessMeta.Local as a user starts it.</summary>
public sealed class DriftStoryTests
{
    [Fact(Timeout = 400_000)]
    public async Task Loop_closes_and_repeating_all_messages_changes_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var local = await LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--in-memory", "--timers-every", "2"], null, ct);

        var (exitCode, said) = await NodeScript.RunAsync(
            ["drift.mjs", local.Url.ToString().TrimEnd('/'), local.AmqpPort.ToString(CultureInfo.InvariantCulture), "--replay"], TimeSpan.FromSeconds(380), ct);

        Assert.True(exitCode is 0, said);
        Assert.Contains("Did retraining help? helped", said, StringComparison.Ordinal);
        Assert.Contains("the same records, and no second trigger", said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Story_says_what_failed_when_no_store_answers()
    {
        var (exitCode, said) = await NodeScript.RunAsync(["drift.mjs", "http://127.0.0.1:9", "9"], TimeSpan.FromSeconds(50), TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The story broke off against http://127.0.0.1:9: ", said, StringComparison.Ordinal);
    }
}
