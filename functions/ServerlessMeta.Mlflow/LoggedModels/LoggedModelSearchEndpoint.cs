using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.LoggedModels;

/// <summary><c>logged-models/search</c>: filters are texts as everywhere, orders are objects.</summary>
internal static class LoggedModelSearchEndpoint
{
    private const int DefaultPage = 50;
    private const int MaxPage = 50_000;

    // More may be asked for; the rest comes on further pages, so that an answer has a bound.
    private const int MostOfPage = 1000;
    private const int MaxTerms = 100;

    // The reference has no bound; each experiment is read whole.
    private const int MaxExperiments = 100;
    private const string MetricPrefix = "metrics.";

    public static void Map(MlflowRoutes routes) => routes.Query("logged-models/search", SearchAsync,
        "Logged models that match: experiment_ids, filter, datasets (dataset_name, dataset_digest), order_by (field_name, ascending, dataset_name, dataset_digest), max_results (a page has up to 1,000), page_token.");

    private static async Task SearchAsync(MlflowRequest request)
    {
        // An experiment that does not exist has no models.
        var experiments = request.Texts("experiment_ids");
        if (experiments.Count == 0)
        {
            request.Refuse(MlflowError.Missing("experiment_ids"));
        }
        Rules.CheckCount(experiments.Count, MaxExperiments, "experiment_ids", request);
        var within = experiments.Select(static text => ExperimentId.TryParse(text, null, out var id) ? id : (ExperimentId?)null).OfType<ExperimentId>().ToImmutableArray();
        var max = Math.Min(request.Size("max_results", DefaultPage, MaxPage), MostOfPage);
        var filter = RecordQuery.Parse(request.Text("filter"), [], LoggedModelSchema.Schema);
        if (filter.Failure is { } invalid)
        {
            request.Refuse(MlflowError.From(invalid));
        }
        var datasets = ListOf("datasets", request, static (item, path, request) => DatasetOf(item, path, request));
        var order = ListOf("order_by", request, static (item, path, request) => OrderOf(item, path, request));
        var token = request.Text("page_token");
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var query = new LoggedModelQuery(filter.Value, order, datasets, static status => LoggedModelJson.Word(status));
        var found = await request.Service<LoggedModelSearch>().SearchAsync(within, query, max, token, request.Aborted);
        await (found.IsOk
            ? request.AnswerAsync(found.Value, static (json, page) =>
            {
                json.WriteList("models"u8, page.Items, LoggedModelJson.Write);
                json.WriteString("next_page_token"u8, page.Next);
            })
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static ImmutableArray<T> ListOf<T>(string name, MlflowRequest request, Func<JsonFields, string, MlflowRequest, T> read)
    {
        var items = request.Body.List(name, request);
        if (items.Count > MaxTerms)
        {
            request.Refuse(MlflowError.Invalid($"Invalid {name}: at most {MaxTerms} clauses are allowed."));
        }
        var list = ImmutableArray.CreateBuilder<T>();
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            list.Add(read(items[i], $"{name}[{i}].", request));
        }
        return list.ToImmutable();
    }

    private static DatasetFilter DatasetOf(JsonFields item, string path, MlflowRequest request)
    {
        var dataset = OnOf(item, path, request);
        if (dataset is null)
        {
            request.Refuse(MlflowError.Invalid("`dataset_name` in the `datasets` clause must be specified."));
        }
        return dataset ?? new DatasetFilter("", null);
    }

    private static DatasetFilter? OnOf(JsonFields item, string path, MlflowRequest request)
    {
        var name = item.Text("dataset_name", path + "dataset_name", request);
        var digest = item.Text("dataset_digest", path + "dataset_digest", request) is { Length: > 0 } text ? text : null;
        Rules.CheckLength(name ?? "", Rules.DatasetNameLength, path + "dataset_name", request);
        Rules.CheckLength(digest ?? "", Rules.DatasetDigestLength, path + "dataset_digest", request);
        if (!string.IsNullOrEmpty(name))
        {
            return new DatasetFilter(name, digest);
        }
        if (digest is not null)
        {
            request.Refuse(MlflowError.Invalid("`dataset_digest` can only be specified if `dataset_name` is also specified."));
        }
        return null;
    }

    private static ModelOrder OrderOf(JsonFields item, string path, MlflowRequest request)
    {
        var name = (item.Text("field_name", path + "field_name", request) ?? "").Trim();
        var descending = item.Flag("ascending", path + "ascending", request) is false;
        var on = OnOf(item, path, request);
        if (name.Length == 0)
        {
            request.Refuse(MlflowError.Invalid("`field_name` in the `order_by` clause must be specified."));
        }
        if (name.StartsWith(MetricPrefix, StringComparison.Ordinal) && name.Length > MetricPrefix.Length)
        {
            var key = name[MetricPrefix.Length..];
            Rules.CheckLength(key, Rules.DatasetNameLength, path + "field_name", request);
            return new ModelOrder(new Field(FieldKind.Metric, key), descending, on);
        }
        var attribute = LoggedModelSchema.Schema.Attributes.FirstOrDefault(known => known.Spellings.Contains(name));
        if (attribute is null)
        {
            request.Refuse(MlflowError.Invalid($"Invalid order by field name: {Rules.Cut(name, 300)}{(name.Contains('.', StringComparison.Ordinal) ? ". Only metrics are supported." : "")}"));
        }
        return new ModelOrder(new Field(FieldKind.Attribute, attribute?.Key ?? ""), descending, null);
    }
}
