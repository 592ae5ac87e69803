using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Golden;

public abstract class GoldenTests(StoreHost host)
{
    public static TheoryData<string> Exchanges =>
        [.. Directory.GetFiles(GoldenExchange.Folder, "*.golden.json").Select(static file => Path.GetFileName(file).Replace(".golden.json", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Exchanges))]
    public Task Exchange_goes_as_written(string name) => GoldenExchange.Read(name).RunAsync(host.Api);
}

public sealed class GoldenTestsOnKestrel(KestrelHost host) : GoldenTests(host), IClassFixture<KestrelHost>;

public sealed class GoldenTestsOnFunctions(FunctionsHost host) : GoldenTests(host), IClassFixture<FunctionsHost>;
