using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.ModelCards;

/// <summary>Makes a card of what is recorded. Nothing is guessed: what no record says is missing.</summary>
internal static class CardBuilder
{
    private const int HighestRows = 200;
    private const int HighestAlerts = 20;

    public static Card Of(Dossier dossier) => new(dossier.Model.Name, dossier.Version.Number,
    [
        Purpose(dossier), Responsibility(dossier), Data(dossier), Origin(dossier), Params(dossier), Metrics(dossier), Written(dossier, "limits", "Limits"), Written(dossier, "ethics", "Ethical considerations"),
        Approvals(dossier), Drift(dossier), Written(dossier, "maintenance", "Maintenance"), Files(dossier), Audit(dossier),
    ]);

    private static CardPart Purpose(Dossier dossier) => new()
    {
        Id = "purpose",
        Title = "Purpose",
        Written = dossier.Sections.GetValueOrDefault("purpose"),
        Claims =
        [
            .. dossier.Sections.ContainsKey("purpose") ? Array.Empty<Claim>() : [Claim.Missing("purpose")],
            Claim.Of("description of the model", dossier.Model.Description, "model"),
            Claim.Of("description of the version", dossier.Version.Description, dossier.VersionRecord),
        ],
    };

    private static CardPart Responsibility(Dossier dossier)
    {
        var (model, version) = (dossier.Model, dossier.Version);
        var held = string.Join(", ", model.Aliases.Where(alias => alias.Value == version.Number).Select(static alias => alias.Key));
        return new CardPart
        {
            Id = "responsibility",
            Title = "Who answers for it",
            Claims =
            [
                Claim.Of("owner", version.Owner ?? model.Owner, version.Owner is null ? "model" : dossier.VersionRecord),
                Claim.Of("registered by", version.Author, dossier.VersionRecord),
                Claim.Of("registered at", Moments.Text(version.CreatedAt), dossier.VersionRecord),
                Claim.Of("stage", model.StageOf(version.Number).ToString(), "model"),
                Claim.Of("aliases", held.Length == 0 ? "none" : held, "model"),
            ],
        };
    }

    private static CardPart Data(Dossier dossier) => new()
    {
        Id = "data",
        Title = "Data",
        Written = dossier.Sections.GetValueOrDefault("data"),
        Table = Table(["dataset", "version", "digest", "context", "source"], dossier.Datasets,
            static dataset => new CardTableRow([dataset.Name, dataset.Version ?? "", dataset.Digest, dataset.Context ?? "", dataset.Source ?? ""], dataset.Record)),
    };

    private static CardPart Origin(Dossier dossier)
    {
        var run = dossier.Run;
        return new CardPart
        {
            Id = "origin",
            Title = "How it was made",
            Claims = run is null ? [Claim.Missing("run"), Claim.Of("source", dossier.Version.Source, dossier.VersionRecord)] :
            [
                Claim.Of("run", run.Name is null ? run.Id : $"{run.Name} ({run.Id})", run.Record),
                Claim.Of("experiment", run.Experiment, run.Record),
                Claim.Of("run by", run.User, run.Record),
                Claim.Of("ended as", run.Status, run.Record),
                Claim.Of("started", run.StartedAt is { } started ? Moments.Text(started) : null, run.Record),
                Claim.Of("ended", run.EndedAt is { } ended ? Moments.Text(ended) : null, run.Record),
                Claim.Of("code commit", run.Commit, dossier.OriginRecord),
                Claim.Of("code from", run.Remote, dossier.OriginRecord),
                Claim.Of("entry point", run.EntryPoint, dossier.OriginRecord),
                Claim.Of("environment", run.EnvironmentDigest, dossier.OriginRecord),
                Claim.Of("packages", dossier.Packages.IsEmpty ? null : dossier.Packages.Length.ToString(CultureInfo.InvariantCulture), $"environment:{run.EnvironmentDigest}"),
                Claim.Of("source", dossier.Version.Source, dossier.VersionRecord),
            ],
        };
    }

    private static CardPart Params(Dossier dossier)
    {
        var table = Table(["param", "value"], dossier.Params, param => new CardTableRow([param.Key, param.Value], dossier.OriginRecord));
        return new CardPart { Id = "params", Title = "Hyperparameters", Table = table with { More = table.More + (dossier.Run?.MoreParams ?? 0) } };
    }

    private static CardPart Metrics(Dossier dossier) => new()
    {
        Id = "metrics",
        Title = "Metrics",
        Written = dossier.Sections.GetValueOrDefault("metrics"),
        Table = Table(["dataset", "slice", "metric", "value", "n", "interval", "evaluator", "measured", "digest"], dossier.Metrics, static metric => new CardTableRow(
        [
            metric.Dataset, metric.Slice ?? "whole", metric.Key, Number(metric.Value), metric.Count?.ToString(CultureInfo.InvariantCulture) ?? "",
            metric is { Low: { } low, High: { } high } ? $"{Number(low)} to {Number(high)}" : "", metric.Evaluator ?? "", Moments.Text(metric.At), metric.DatasetDigest,
        ], metric.Record)),
    };

    private static CardPart Written(Dossier dossier, string id, string title) => new()
    {
        Id = id,
        Title = title,
        Written = dossier.Sections.GetValueOrDefault(id),
        Claims = dossier.Sections.ContainsKey(id) ? [] : [Claim.Missing(title.ToLowerInvariant())],
    };

    private static CardPart Approvals(Dossier dossier) => new()
    {
        Id = "approvals",
        Title = "Approvals and promotions",
        Table = Table(["when", "who", "what", "for", "words"],
            dossier.Verdicts.Select(verdict => (verdict.At, Row: new CardTableRow([Moments.Text(verdict.At), verdict.Role is null ? verdict.By : $"{verdict.By} ({verdict.Role})", verdict.IsOf(dossier.Content) ? verdict.Decision : $"{verdict.Decision}, of other content: counts no longer", verdict.For ?? "any", verdict.Comment ?? "none"], verdict.Record)))
                .Concat(dossier.Decisions.Select(static decision => (decision.At, Row: new CardTableRow(
                    [Moments.Text(decision.At), decision.By, decision.OverrideReason is null ? "moved" : "OVERRODE THE POLICY", decision.Target, $"{decision.From ?? "none"} to {decision.To ?? "none"}{(decision.OverrideReason is { } reason ? $": {reason}" : "")}"], decision.Record))))
                .OrderBy(static one => one.At).Select(static one => one.Row).ToImmutableArray(), static row => row),
    };

    private static CardPart Drift(Dossier dossier)
    {
        if (dossier.Drift is not { } drift)
        {
            return new CardPart { Id = "drift", Title = "Drift", Claims = [Claim.Missing("drift")] };
        }
        var (watched, baseline) = ("monitoring", string.Create(CultureInfo.InvariantCulture, $"baseline:{drift.Baseline}"));
        if (drift.Window is null)
        {
            return new CardPart { Id = "drift", Title = "Drift", Claims = [Claim.Of("baseline", BaselineOf(drift), watched), Claim.Missing("windows")] };
        }
        var result = string.Create(CultureInfo.InvariantCulture, $"window:{drift.Window}/{drift.Revision}");
        return new CardPart
        {
            Id = "drift",
            Title = "Drift",
            Claims =
            [
                Claim.Of("baseline", BaselineOf(drift), drift.Baseline == 0 ? watched : baseline),
                Claim.Of("latest window", $"{Moments.Text(drift.Start!.Value)} to {Moments.Text(drift.End!.Value)}, {drift.State}", result),
                Claim.Of("rows, with labels", string.Create(CultureInfo.InvariantCulture, $"{drift.Rows}, {drift.Labelled}"), result),
                Claim.Of("features that drifted", drift.Compared == 0 ? "none were compared" : string.Create(CultureInfo.InvariantCulture, $"{drift.Drifted} of {drift.Compared}"), result),
                Claim.Of("open alerts", drift.Alerts.IsEmpty ? "none" : string.Join(", ", drift.Alerts.Take(HighestAlerts)) + (drift.Alerts.Length > HighestAlerts ? ", ..." : ""), result),
            ],
        };
    }

    private static string? BaselineOf(VersionDrift drift) => drift.Baseline == 0 ? null : drift.Baseline.ToString(CultureInfo.InvariantCulture);

    private static CardPart Files(Dossier dossier) => new()
    {
        Id = "files",
        Title = "Files",
        Claims = dossier.FilesLeftOut is { } why ? [Claim.Of("files that are not listed", why, dossier.VersionRecord)] : [],
        Table = Table(["file", "bytes", "SHA-256"], dossier.Files, file => new CardTableRow([file.Path, file.Size.ToString(CultureInfo.InvariantCulture), file.Sha256 ?? ""], $"file:{file.Path}")),
    };

    private static CardPart Audit(Dossier dossier) => new()
    {
        Id = "audit",
        Title = "Audit",
        Claims = dossier.AuditHead is { } head
            ? [Claim.Of("entries of the model", head.Number.ToString(CultureInfo.InvariantCulture), $"audit:model:{dossier.Model.Number}"), Claim.Of("hash of the last entry", head.Hash, $"audit:model:{dossier.Model.Number}/{head.Number}")]
            : [Claim.Missing("audit")],
    };

    private static CardTable Table<T>(ImmutableArray<string> columns, ImmutableArray<T> items, Func<T, CardTableRow> row) =>
        new(columns, [.. items.Take(HighestRows).Select(row)], Math.Max(0, items.Length - HighestRows)) { All = [.. items.Select(row)] };

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
