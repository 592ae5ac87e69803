using System.Collections.Immutable;
using System.Security.Cryptography;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Models;

public sealed class ModelOriginTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    [Fact]
    public void An_origin_is_read_as_it_was_written()
    {
        var origin = new ModelOrigin
        {
            ResolvedAt = At,
            CopiedFrom = new OriginCopy(1, "n", 2),
            Run = new OriginRun("r", "0", "n", "u", "Finished", At, null, false),
            Code = new OriginCode("c", null, "main", true, null, "train.py"),
            Datasets = [new OriginDataset { Name = "d", Version = 3, Sha256 = new string('a', 64) }],
            DatasetCount = 1,
            Params = [new Tag("lr", "日")],
            Metrics = [new OriginMetric("m", double.NaN, long.MaxValue, -1), new OriginMetric("n", double.NegativeInfinity, 0, 0)],
            Missing = ["x"],
        };

        var read = ModelOriginRow.To(ModelOriginRow.From(1, 2, ModelOriginRow.Pack(origin).Packed));

        Assert.Equal(origin with { Datasets = read.Datasets, Params = read.Params, Metrics = read.Metrics, Missing = read.Missing }, read);
        Assert.Equal(origin.Datasets, read.Datasets);
        Assert.Equal(origin.Params, read.Params);
        Assert.Equal(origin.Metrics, read.Metrics);
        Assert.Equal(origin.Missing, read.Missing);
    }

    [Fact]
    public void Too_many_params_give_way_to_their_count_and_digest()
    {
        var parameters = Enumerable.Range(0, 2000).Select(static i => new Tag($"p{i}", RandomNumberGenerator.GetHexString(1000))).ToImmutableArray();

        var (origin, packed) = ModelOriginRow.Pack(new ModelOrigin { ResolvedAt = At, Params = parameters, ParamCount = 2000, ParamsSha256 = ModelOriginRow.DigestOf(parameters), Metrics = [new OriginMetric("m", 1, 1, 1)] });

        Assert.Empty(origin.Params);
        Assert.Equal((2000, 64, 1), (origin.ParamCount, origin.ParamsSha256!.Length, origin.Metrics.Length));
        Assert.Contains("params", Assert.Single(origin.Missing), StringComparison.Ordinal);
        Assert.InRange(packed.Length, 1, 600 * 1024);
    }

    [Theory]
    [InlineData(200, 2000, 200)]
    [InlineData(20_000, 10, 5000)]
    public void Too_large_datasets_give_way_to_their_count(int count, int location, int kept)
    {
        var datasets = Enumerable.Range(0, count).Select(i => new OriginDataset { Name = $"d{i}", Sha256 = RandomNumberGenerator.GetHexString(64), Location = RandomNumberGenerator.GetHexString(4 * location) }).ToImmutableArray();

        var (origin, packed) = ModelOriginRow.Pack(new ModelOrigin { ResolvedAt = At, Datasets = datasets, DatasetCount = count });

        Assert.Equal((count, true), (origin.DatasetCount, origin.Datasets.Length >= kept && origin.Datasets.All(static dataset => dataset.Location is null)));
        Assert.Contains(origin.Missing, static missing => missing.StartsWith("datasets: ", StringComparison.Ordinal));
        Assert.Equal(origin.Datasets, ModelOriginRow.To(ModelOriginRow.From(1, 2, packed)).Datasets);
    }

    [Fact]
    public void The_digest_of_params_does_not_know_their_order() => Assert.Equal(
        ModelOriginRow.DigestOf([new Tag("a", "1"), new Tag("b", "2")]), ModelOriginRow.DigestOf([new Tag("b", "2"), new Tag("a", "1")]));
}
