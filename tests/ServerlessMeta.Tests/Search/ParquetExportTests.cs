using System.Globalization;
using Microsoft.AspNetCore.Http;
using Parquet;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

public sealed class ParquetExportTests
{
    private const int Metrics = 40;
    private const int Many = 30_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly RunGrammar Grammar = new(SearchSchemas.Runs, new RunWords(static status => status.ToString(), static _ => "", ""));

    private static readonly Experiment Owner = new()
    {
        Id = new ExperimentId(7), Name = "seven", Stage = LifecycleStage.Active, Epoch = 0, PartitionBits = 0, CreatedAt = Start, UpdatedAt = Start,
    };

    [Fact]
    public async Task Many_runs_are_several_row_groups_of_a_bounded_size()
    {
        var answer = new Sent();

        await ExportAsync(RunsAsync(Many), answer);

        await using var file = await ParquetReader.CreateAsync(answer.Whole, cancellationToken: TestContext.Current.CancellationToken);
        var rows = Enumerable.Range(0, file.RowGroupCount).Select(group => file.OpenRowGroupReader(group).RowCount).ToList();
        Assert.InRange(rows.Count, 2, 10);
        Assert.Equal(Many, rows.Sum());
        // Readers skip groups by these bounds, unless one is NaN.
        var bounds = file.OpenRowGroupReader(0).GetStatistics(file.Schema.DataFields.Single(static field => field.Name == "metrics.m4"))!;
        Assert.True(bounds.MinValue is -2.0 or double.NaN, $"At least {bounds.MinValue}");
        Assert.True(bounds.MaxValue is 3.0 or double.NaN, $"At most {bounds.MaxValue}");
        Assert.InRange(answer.Largest, 1, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Group_of_long_values_ends_before_it_has_as_many_rows_as_columns()
    {
        var answer = new Sent();

        // As long as a value may be counted, but one text in memory.
        await ExportAsync(RunsAsync(40, new string('x', 4_000_000)), answer);

        await using var file = await ParquetReader.CreateAsync(answer.Whole, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([17, 17, 6], Enumerable.Range(0, file.RowGroupCount).Select(group => file.OpenRowGroupReader(group).RowCount));
        Assert.True(file.Schema.DataFields.Length > 40);
    }

    [Fact]
    public async Task Reading_that_fails_leaves_a_file_without_its_end()
    {
        var answer = new Sent();

        await Assert.ThrowsAsync<InvalidOperationException>(() => ExportAsync(RunsAsync(Many, fails: true), answer));

        Assert.NotEqual("PAR1"u8.ToArray(), answer.Whole.ToArray()[^4..]);
    }

    private static async Task ExportAsync(IAsyncEnumerable<RunRecord> runs, Sent answer)
    {
        var fields = Enumerable.Range(0, Metrics).Select(static number => new Field(FieldKind.Metric, $"m{number}"))
            .Prepend(new Field(FieldKind.Attribute, RunFields.Name)).Prepend(new Field(FieldKind.Attribute, RunFields.Id)).Append(new Field(FieldKind.Param, "lr"));
        await new ParquetExport(Owner, [.. fields.Select(static field => new ExportColumn(field, Grammar))], runs).ExecuteAsync(new DefaultHttpContext { Response = { Body = answer } });
    }

    private static async IAsyncEnumerable<RunRecord> RunsAsync(int count, string name = "", bool fails = false)
    {
        var packed = new[] { 1, double.NaN, 3, -2, double.NaN }.Select(Latest).ToArray();
        for (var number = 0; number < count; number++)
        {
            yield return new RunRecord
            {
                Id = RunId.Of(Owner.Id, 0, number.ToString(CultureInfo.InvariantCulture)), Revision = 1, Name = name, UserId = "", Status = RunStatus.Running, StartedAt = Start, EndedAt = null,
                Stage = LifecycleStage.Active, Epoch = 0, ArtifactRoot = null, Latest = packed[number % packed.Length], Params = [PackedFields.Encode([new Tag("lr", new string('x', 400))])], Tags = [], Inputs = [],
            };
        }
        await Task.CompletedTask;
        if (fails)
        {
            throw new InvalidOperationException("The store is away.");
        }
    }

    private static byte[][] Latest(double fourth)
    {
        var latest = new LatestTable([]);
        for (var metric = 0; metric < Metrics; metric += 2)
        {
            latest.Take($"m{metric}", new StoredPoint(0, 0, metric == 4 ? fourth : metric / 8.0));
        }
        return [.. Enumerable.Range(0, latest.ChunkCount).Select(latest.Chunk)];
    }

    private sealed class Sent : MemoryStream
    {
        public MemoryStream Whole => new(ToArray());

        public int Largest { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Largest = Math.Max(Largest, count);
            base.Write(buffer, offset, count);
        }
    }
}
