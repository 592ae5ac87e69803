using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Compare;

/// <summary>Reads versions to be compared: their evaluations, and what each was made from as it was when it was registered.</summary>
internal sealed class VersionSides(ModelHistory models, ModelOrigins origins, EvaluationStore evaluations, DirectionsOf directions, VersionRuns runs)
{
    public async Task<Result<Compared>> ReadAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var found = new List<(RegisteredModel Model, int Version)>();
        foreach (var key in keys)
        {
            var slash = key.LastIndexOf('/');
            if (slash <= 0)
            {
                return new Failure.Invalid("versions", "A version is named by its model and its number: digit-reader/3.");
            }
            var one = await ModelRoute.FindVersionAsync(models, key[..slash], key[(slash + 1)..], null, ct);
            if (!one.IsOk)
            {
                return one.Failure;
            }
            found.Add(one.Value);
        }
        var (reading, measuring) = (Task.WhenAll(found.Select((one, place) => ReadAsync(one.Model, one.Version, keys[place], RunSides.LetterOf(place), ct))),
            Task.WhenAll(found.Select(one => evaluations.MeasurementsAsync(one.Model.Number, one.Version, null, ct))));
        var sides = await reading;
        return sides.FirstOrDefault(static side => !side.IsOk).Failure is { } failure ? failure
            : new Compared([.. sides.Select(static side => side.Value)], [.. MetricsOf(await measuring, await directions(found[0].Model, ct))]);
    }

    private static IEnumerable<ComparedMetric> MetricsOf(Measurements[] sides, MetricDirections directions)
    {
        foreach (var (dataset, slice, metric) in sides.SelectMany(static side => side.Keys).Distinct().OrderBy(static key => key.Dataset, StringComparer.Ordinal).ThenBy(static key => key.Slice, StringComparer.Ordinal).ThenBy(static key => key.Metric, StringComparer.Ordinal))
        {
            var latest = sides.Select(side => side.Find(dataset, null, slice, metric)).ToList();
            // On a content of the dataset that all were measured on, if there is one.
            var shared = latest.OfType<Measured>().Select(static one => one.Evaluation.Content.Digest).Distinct(StringComparer.Ordinal)
                .Select(digest => sides.Select(side => side.Find(dataset, digest, slice, metric)).ToList()).FirstOrDefault(static all => all.TrueForAll(static one => one is not null));
            var measured = shared ?? latest;
            var isComparable = measured.OfType<Measured>().Select(static one => one.Evaluation.Content.Digest).Distinct(StringComparer.Ordinal).Count() <= 1;
            var newest = measured.OfType<Measured>().MaxBy(static one => one.Evaluation.RecordedAt);
            yield return new ComparedMetric(metric, slice is null ? dataset : $"{dataset}, {slice}", directions.Find(metric, newest?.Evaluation.Content).HigherIsBetter, true, isComparable, [.. measured.Select(static one => one?.Metric.Value)]);
        }
    }

    private async Task<Result<ComparedSide>> ReadAsync(RegisteredModel model, int number, string key, string letter, CancellationToken ct)
    {
        var (finding, reading) = (models.FindVersionAsync(model, number, null, ct), origins.FindAsync(model.Number, number, ct));
        var (version, origin) = (await finding, await reading);
        if (!version.IsOk)
        {
            return version.Failure;
        }
        var side = new ComparedSide
        {
            Letter = letter,
            Key = key,
            Name = string.Create(CultureInfo.InvariantCulture, $"{model.Name} {number}"),
            Address = string.Create(CultureInfo.InvariantCulture, $"/models/{Uri.EscapeDataString(model.Name)}/versions/{number}"),
            Status = version.Value.Stage.ToString(),
            At = version.Value.Version.CreatedAt,
        };
        return origin is null ? side : await runs.AddAsync(With(side, origin), origin.Run?.Id, ct);
    }

    private static ComparedSide With(ComparedSide side, ModelOrigin origin) => side with
    {
        Repository = origin.Code?.Remote,
        Commit = origin.Code?.Commit,
        Params = RunSides.Known(origin.Params.Select(static one => (one.Key, (string?)one.Value))),
        Code = RunSides.Known([("Commit", origin.Code?.Commit), ("Repository", origin.Code?.Remote), ("Branch", origin.Code?.Branch), ("Diff", origin.Code?.DiffSha256)]),
        Platform = RunSides.Known([("Image", origin.Environment?.Image), ("Image digest", origin.Environment?.ImageDigest), ("Entry point", origin.Code?.EntryPoint)]),
        Data = RunSides.Known(origin.Datasets.Select(static dataset => (dataset.Context is null ? dataset.Name : $"{dataset.Name} ({dataset.Context})", dataset.Sha256 ?? dataset.Md5 ?? dataset.Digest))),
    };
}
