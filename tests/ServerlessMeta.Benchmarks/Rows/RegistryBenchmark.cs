using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Benchmarks.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>
/// The registry with 1,000 models of 50 versions: searches, and the writes of a promotion. The rows are put into the table as the store would have, without their history: in Azurite a
/// transaction costs in proportion to its partition's rows, so that writing them by calls would take hours, and the writes here are slower than on the service.
/// </summary>
internal static class RegistryBenchmark
{
    private const int Versions = 50;
    private const int WritersAtOnce = 4;
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var models = rig.Pick(1_000, 20);
        var first = await rig.StartLocalAsync();
        Rig.Say($"filling {models:N0} models");
        await FillAsync(rig.Table("models"), models);
        var versions = Search("model-versions/search", "tags.team = 'risk' and version_number > 25", 100);
        var registered = Search("registered-models/search", "name like 'model-1%'", 100);
        var fresh = await rig.StartLocalAsync();
        var cold = SearchOnce(fresh.Url, versions);
        var warm = SearchCalls.Repeat(rig, fresh.Url, versions);
        var warmModels = SearchCalls.Repeat(rig, fresh.Url, registered);
        var tagging = Load.Run(1, first.Url, rig.Round, static _ =>
        {
            var number = 0;
            return connection => connection.Exchange(HttpText.Post("registered-models/set-tag", string.Create(CultureInfo.InvariantCulture, $$"""{"name":"model-7","key":"k","value":"{{number++}}"}""")));
        }).Clean();
        var changed = SearchOnce(fresh.Url, versions);
        return
        [
            Figure.AtMost($"search of model versions over {models:N0} models x {Versions}, tag and number, first 100: warm p50", 50, warm.P50, "ms", note: $"{warm.OperationsPerCall:0.#} operations"),
            Figure.AtMost("the same: cold", 3000, cold.Milliseconds, "ms", note: $"{cold.Operations} operations"),
            Figure.AtMost("the same: operations after another instance changed one model", 3, changed.Operations, "operations"),
            Figure.AtMost("search of models, name like, first 100 with their latest versions: warm p50", 50, warmModels.P50, "ms", note: $"{warmModels.OperationsPerCall:0.#} operations"),
            Figure.AtMost("set a tag of a model: p50", 1000, tagging.P50, "ms", note: $"{tagging.OperationsPerCall:0.#} operations; in a partition of {models * (Versions + 2):N0} rows, which Azurite's transactions walk and the service's do not"),
        ];
    }

    private static (double Milliseconds, int Operations) SearchOnce(Uri store, byte[] search)
    {
        using var connection = new WireConnection(store);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Store.Must(connection, connection.Exchange(search));
        return (System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds, connection.Operations());
    }

    private static byte[] Search(string path, string filter, int most) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"GET /api/2.0/mlflow/{path}?filter={Uri.EscapeDataString(filter)}&max_results={most} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));

    private static async Task FillAsync(TableClient table, int models)
    {
        await table.UpsertEntityAsync(new TableEntity(ModelKeys.Partition, ModelKeys.Counter) { ["next"] = (long)models + 1 }, TableUpdateMode.Replace, CancellationToken.None);
        await Parallel.ForAsync(1, models + 1, new ParallelOptions { MaxDegreeOfParallelism = WritersAtOnce }, async (number, ct) =>
        {
            var model = new RegisteredModel
            {
                Number = number, Name = string.Create(CultureInfo.InvariantCulture, $"model-{number}"), Description = "A model.", Stage = LifecycleStage.Active, CreatedAt = At, UpdatedAt = At, Revision = Versions + 1,
                LastVersion = Versions, Aliases = RegisteredModel.NoAliases.Add("champion", Versions - 1), Tags = [new Tag("team", number % 20 == 0 ? "risk" : "other")],
            };
            IEnumerable<TableEntity> rows =
            [
                ModelRow.From(model), new TableEntity(ModelKeys.Partition, ModelKeys.Name(model.Name)) { ["name"] = model.Name, ["number"] = model.Number },
                .. Enumerable.Range(1, Versions).Select(version => ModelVersionRow.From(new ModelVersion
                {
                    Model = number, Number = version, Source = "s3://bucket/a/path/of/a/model", Author = "someone", CreatedAt = At, UpdatedAt = At,
                    Tags = [new Tag("team", number % 20 == 0 ? "risk" : "other"), new Tag("note", "A version of a model, with a note as long as most are.")],
                }, version + 1)),
            ];
            await table.SubmitTransactionAsync(rows.Select(static row => new TableTransactionAction(TableTransactionActionType.Add, row)), ct);
        });
    }
}
