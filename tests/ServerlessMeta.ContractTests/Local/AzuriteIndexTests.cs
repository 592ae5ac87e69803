using System.Text.Json;
using ServerlessMeta.ContractTests.Clients;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>The index that ServerlessMeta.Local gives Azurite changes how fast it answers, and nothing else.</summary>
public sealed class AzuriteIndexTests
{
    [Fact(Timeout = 120_000)]
    public async Task Answers_are_those_of_azurite_without_it()
    {
        var (exitCode, said) = await NodeScript.RunAsync(["azurite-index.mjs", Azurite.Home], TimeSpan.FromSeconds(100), TestContext.Current.CancellationToken);

        Assert.True(exitCode is 0, said);
        var compared = JsonDocument.Parse(said).RootElement;
        Assert.InRange(compared.GetProperty("pages").GetInt32(), 10_000, 1_000_000);
        Assert.InRange(compared.GetProperty("entities").GetInt32(), 100_000, 10_000_000);
    }
}
