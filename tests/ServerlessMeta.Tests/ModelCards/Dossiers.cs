using System.Collections.Immutable;
using ServerlessMeta.Environments;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.ModelCards;

/// <summary>Dossiers to make cards of.</summary>
internal static class Dossiers
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Dossier Bare(string name = "churn") => new()
    {
        Model = new RegisteredModel { Number = 7, Name = name, Stage = LifecycleStage.Active, CreatedAt = At, UpdatedAt = At, Revision = 4, LastVersion = 3 },
        Version = new ModelVersion { Model = 7, Number = 3, Source = "s3://bucket/churn", Author = "ann", CreatedAt = At, UpdatedAt = At },
    };

    public static Dossier Full()
    {
        var bare = Bare();
        return bare with
        {
            Model = bare.Model with { Owner = "team-risk", Description = "Who leaves?", Aliases = bare.Model.Aliases.Add("champion", 3) },
            Run = new DossierRun
            {
                Id = new string('a', 32), Name = "brave-owl-1", Experiment = "churn-exp", User = "ann", Status = "Finished", StartedAt = At, EndedAt = At.AddHours(1), Commit = new string('c', 40),
                Remote = "https://example.org/churn.git", EntryPoint = "train.py", EnvironmentDigest = new string('e', 64), Params = [new Tag("lr", "0.1"), new Tag("depth | <b>", "`4`")],
            },
            Datasets =
            [
                new DossierDataset("customers", "2", new string('0', 32), new string('1', 64), null, "training", "s3://bucket/customers.parquet"),
                new DossierDataset("holdout", null, null, null, "abc123", "validation", null),
            ],
            Packages = [new DossierPackage(Ecosystem.Python, "scikit_learn", "1.5.0"), new DossierPackage(Ecosystem.Npm, "@scope/left pad", "1.0.0"), new DossierPackage(Ecosystem.Language, "python", "3.12.1")],
            Files = [new DossierFile("MLmodel", 321, new string('2', 64), new string('3', 32))],
            Metrics =
            [
                new DossierMetric { Evaluation = "e1", Dataset = "holdout", DatasetDigest = "abc123", Key = "accuracy", Value = 0.93, Count = 1000, Low = 0.91, High = 0.95, At = At },
                new DossierMetric { Evaluation = "e2", Dataset = "holdout", DatasetDigest = "abc123", Slice = "age > 60", Key = "accuracy", Value = 0.81, Evaluator = "eval-bot", At = At },
            ],
            Verdicts = [new DossierVerdict("a1", "bea", "approve", "production", "checked the slices", At.AddDays(1))],
            Decisions = [new DossierDecision("d1", "alias:production", null, "3", "root", At.AddDays(2), "incident 12")],
            Sections = new Dictionary<string, CardSection>(StringComparer.Ordinal)
            {
                ["purpose"] = new("purpose", 2, 3, "Finds **customers** who may leave.\n\n# Not for credit\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![t](https://example.org/t.png) [ok](https://example.org)", "ann", At),
                ["limits"] = new("limits", 3, 4, "Only adults.", "bea", At),
            },
            AuditHead = (12, new string('f', 64)),
        };
    }
}
