using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App;
using ServerlessMeta.Audit;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Stories;

/// <summary>A team takes a model from training to production and back, with real identities; then someone changes the records behind the store's back.</summary>
public sealed class RegistryStoryTests(AzuriteFixture azurite)
{
    private const string AdminToken = "the first administrator's token";

    [Fact]
    public async Task A_version_goes_from_training_to_production_and_back_and_all_of_it_can_be_proven()
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var store = new KestrelHost(azurite) { TokenRequired = true };
        store.Settings["Access:AdminTokenSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AdminToken)));
        store.Settings["Audit:SigningKey"] = signing.ExportPkcs8PrivateKeyPem();
        await store.InitializeAsync();
        var team = await Team.GatherAsync(store.Api);

        // Trained, logged, registered: by the calls of MLflow's client.
        var run = await team.Ann.TrainAsync();
        (await team.Ann.PostAsync("registered-models/create", new { name = "churn", description = "Who leaves?" })).Ok();
        foreach (var number in (int[])[1, 2])
        {
            Assert.Equal($"{number}", (await team.Ann.PostAsync("model-versions/create", new { name = "churn", source = run.Source, run_id = run.Id })).Ok()["model_version"]!["version"]!.ToString());
        }
        var origin = (await team.Ann.GetAsync("/api/v1/models/churn/versions/1/origin")).Ok();
        Assert.Equal((run.Id, new string('c', 40), "customers"), (origin["run"]!["id"]!.ToString(), origin["code"]!["commit"]!.ToString(), origin["datasets"]![0]!["name"]!.ToString()));

        // A policy; nobody but an administrator sets it.
        const string Policy = """{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":2,"notByAuthor":true},"evaluations":["accuracy >= 0.9 on holdout"],"notWorseThanHolder":[{"metric":"accuracy","by":0.01,"dataset":"holdout"}],"hashesVerified":true}}}""";
        Assert.Equal(403, (await team.Bea.PutAsync("/api/v1/models/churn/policy", Policy)).Status);
        (await team.Root.PutAsync("/api/v1/models/churn/policy", Policy)).Ok();

        // The gate is shut, for MLflow's call too, and says all that is missing.
        var refused = await team.Ann.PostAsync("registered-models/alias", new { name = "churn", alias = "production", version = "1" });
        refused.FailsNaming(403, "PERMISSION_DENIED", "approvals");
        refused.FailsNaming(403, "PERMISSION_DENIED", "accuracy >= 0.9 on holdout");
        refused.FailsNaming(403, "PERMISSION_DENIED", "verified");
        Assert.False((await team.Ann.GetAsync("/api/v1/models/churn/versions/1/gates?alias=production")).Ok()["gates"]![0]!["open"]!.GetValue<bool>());

        // Judged, verified, approved by two others: then it opens.
        await team.Ann.EvaluateAsync(1, 0.93);
        Assert.InRange((await team.Ann.PostJsonAsync("/api/v1/models/churn/versions/1/verifications", "{}")).Status, 200, 201);
        Assert.Equal(403, (await team.Ann.ApproveAsync(1)).Status);
        Assert.Equal(201, (await team.Bea.ApproveAsync(1)).Status);
        (await team.Ann.PostAsync("registered-models/alias", new { name = "churn", alias = "production", version = "1" })).FailsNaming(403, "PERMISSION_DENIED", "approvals");
        Assert.Equal(201, (await team.Cal.ApproveAsync(1)).Status);
        (await team.Ann.PostAsync("registered-models/alias", new { name = "churn", alias = "production", version = "1" })).Ok();
        var promoted = TimeProvider.System.GetUtcNow();
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

        // A better one takes its place, and is taken back the same hour.
        await team.Ann.EvaluateAsync(2, 0.95);
        Assert.InRange((await team.Ann.PostJsonAsync("/api/v1/models/churn/versions/2/verifications", "{}")).Status, 200, 201);
        await team.Bea.ApproveAsync(2);
        await team.Cal.ApproveAsync(2);
        (await team.Ann.PostAsync("registered-models/alias", new { name = "churn", alias = "production", version = "2" })).Ok();
        var replaced = TimeProvider.System.GetUtcNow();
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        (await team.Ann.PostAsync("registered-models/alias", new { name = "churn", alias = "production", version = "1" })).Ok();

        // Which was production then, and by whose approval?
        Assert.Equal("1", await HolderAsync(team.Ann, promoted));
        Assert.Equal("2", await HolderAsync(team.Ann, replaced));
        Assert.Equal("1", await HolderAsync(team.Ann, null));
        var decisions = (await team.Ann.GetAsync($"/api/v1/models/churn/decisions?for=alias:production&asOf={replaced.UtcDateTime:O}")).Ok()["decisions"]!;
        Assert.Equal("2", decisions[0]!["to"]!.ToString());
        Assert.Equal(["bea", "cal"], decisions[0]!["approvedBy"]!.AsArray().Select(static one => one!.ToString()).Order(StringComparer.Ordinal));

        // The evidence holds without the store.
        var evidence = await team.Ann.EvidenceAsync(1);
        Assert.Equal(evidence.Bytes, (await team.Ann.EvidenceAsync(1)).Bytes);
        Assert.Empty(ExportCheck.Run(new StringReader(Encoding.UTF8.GetString(evidence.Files["audit.jsonl"])), null).Findings);
        Assert.Contains("bea", Encoding.UTF8.GetString(evidence.Files["approvals.json"]), StringComparison.Ordinal);

        // Sealed, then verified: all is well.
        await store.Services.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Audit, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        Assert.Empty(await FindingsAsync(team.Root));
        var entries = (await team.Root.GetAsync("/api/v1/audit?object=model:churn&pageSize=1000")).Ok()["entries"]!.AsArray();
        Assert.Equal(["ann", "bea", "cal", "root"], entries.Select(static entry => entry!["by"]!.ToString()).Distinct().Order(StringComparer.Ordinal));

        await TamperAsync(store, team.Root, entries);
    }

    // Each tampering is found, named, and undone before the next.
    private static async Task TamperAsync(StoreHost store, Person root, JsonArray entries)
    {
        var ct = TestContext.Current.CancellationToken;
        var table = store.Services.GetRequiredService<StorageClients>().Models;
        var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: ct))
        {
            rows[row.RowKey] = row;
        }
        var home = rows.Values.Single(static row => row.RowKey.StartsWith("m|", StringComparison.Ordinal));
        var chain = rows.Values.Where(static row => row.RowKey.StartsWith("j|", StringComparison.Ordinal)).OrderBy(static row => Encoding.UTF8.GetString(row.GetBinary("e0")).Length, Comparer<int>.Default).ToList();
        var byNumber = chain.ToDictionary(static row => JsonNode.Parse(Encoding.UTF8.GetString(row.GetBinary("e0")).Split('\n')[0])!["n"]!.GetValue<long>());
        var last = byNumber.Keys.Max();
        Assert.Equal(entries.Count, last);

        // The object's own row: someone else is made its owner.
        await ReplaceAsync(home, static row => row["owner"] = "mallory");
        Assert.Contains(await FindingsAsync(root), finding => Named(finding, "row-changed") && finding["row"]!.ToString() == home.RowKey);
        await ReplaceAsync(home, static _ => { });

        // An approval is made to be another's.
        var approval = rows.Values.First(static row => row.RowKey.StartsWith("a|", StringComparison.Ordinal));
        await ReplaceAsync(approval, static row => row[row.Keys.First(name => row[name] is string and "bea" or "cal")] = "mallory");
        Assert.Contains(await FindingsAsync(root), finding => Named(finding, "row-changed") && finding["row"]!.ToString() == approval.RowKey);
        await ReplaceAsync(approval, static _ => { });

        // What the model was at some time, so that production was another's then.
        var past = rows.Values.Last(static row => row.RowKey.StartsWith("h|", StringComparison.Ordinal) && row.ContainsKey("aliases"));
        await ReplaceAsync(past, static row => row["aliases"] = "\u000aproduction\u00011"u8.ToArray());
        Assert.Contains(await FindingsAsync(root), finding => Named(finding, "row-changed") && finding["row"]!.ToString() == past.RowKey);
        await ReplaceAsync(past, static _ => { });

        // One entry.
        var entry = byNumber[4];
        await ReplaceAsync(entry, static row => row["e0"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(row.GetBinary("e0")).Replace("\"by\":\"", "\"by\":\"x", StringComparison.Ordinal)));
        Assert.Contains(await FindingsAsync(root), static finding => Named(finding, "entry-changed") && finding["entry"]!.GetValue<long>() == 4);
        await ReplaceAsync(entry, static _ => { });

        // A removed entry.
        await table.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, cancellationToken: ct);
        Assert.Contains(await FindingsAsync(root), static finding => Named(finding, "entry-removed") && finding["entry"]!.GetValue<long>() == 4);
        await table.AddEntityAsync(entry, ct);

        // A cut tail: the newest entry is gone.
        await table.DeleteEntityAsync(byNumber[last].PartitionKey, byNumber[last].RowKey, cancellationToken: ct);
        Assert.Contains(await FindingsAsync(root), static finding => Named(finding, "tail-cut"));

        // A cut tail by someone who also set the head back and removed the entry by time: only the seal tells.
        var previous = JsonNode.Parse(Encoding.UTF8.GetString(byNumber[last].GetBinary("e0")).Split('\n')[0])!["previous"]!.ToString();
        await ReplaceAsync(home, row =>
        {
            row["an"] = last - 1;
            row["ah"] = Convert.FromHexString(previous);
        });
        Assert.Contains(await FindingsAsync(root), static finding => Named(finding, "shorter-than-sealed"));
        await table.AddEntityAsync(byNumber[last], ct);
        await ReplaceAsync(home, static _ => { });
        Assert.Empty(await FindingsAsync(root));

        async Task ReplaceAsync(TableEntity original, Action<TableEntity> change)
        {
            var row = new TableEntity(original);
            change(row);
            var now = await table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: ct);
            await table.UpdateEntityAsync(row, now.Value.ETag, TableUpdateMode.Replace, ct);
        }
    }

    private static bool Named(JsonNode finding, string fault) => finding["fault"]!.ToString() == fault && finding["object"]!.ToString().StartsWith("model:", StringComparison.Ordinal);

    private static async Task<List<JsonNode>> FindingsAsync(Person root)
    {
        List<JsonNode> findings = [];
        for (string? token = null; ;)
        {
            var part = (await root.GetAsync($"/api/v1/audit/verify{(token is null ? "" : $"?pageToken={Uri.EscapeDataString(token)}")}")).Ok();
            findings.AddRange(part["findings"]!.AsArray()!);
            if ((token = part["nextPageToken"]?.ToString()) is null)
            {
                return findings;
            }
        }
    }

    private static async Task<string> HolderAsync(Person person, DateTimeOffset? asOf) =>
        (await person.GetAsync($"/api/v1/models/churn/aliases/production{(asOf is { } moment ? $"?asOf={moment.UtcDateTime:O}" : "")}")).Ok()["version"]!.ToString();

    /// <summary>A person with a token.</summary>
    private sealed class Person(Api api, string token)
    {
        public Task<Answer> PostAsync(string path, object body) => PostJsonAsync(path, System.Text.Json.JsonSerializer.Serialize(body));

        public Task<Answer> PostJsonAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

        public Task<Answer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, json);

        public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

        public async Task<(string Id, string Source)> TrainAsync()
        {
            var experiment = (await PostAsync("experiments/create", new { name = "churn" })).Ok()["experiment_id"]!.ToString();
            var run = (await PostAsync("runs/create", new { experiment_id = experiment, tags = new[] { new { key = "mlflow.source.git.commit", value = new string('c', 40) } } })).Ok()["run"]!["info"]!["run_id"]!.ToString();
            (await PostAsync("runs/log-batch", new { run_id = run, @params = new[] { new { key = "lr", value = "0.1" } }, metrics = new[] { new { key = "loss", value = 0.2, timestamp = 1, step = 1 } } })).Ok();
            (await PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "customers", digest = new string('0', 32), source_type = "s3", source = "s3://bucket/customers.csv" } } } })).Ok();
            using var file = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/model.bin") { Content = new StringContent("weights") };
            Assert.Equal(200, (await api.SendAsync(file, ("Authorization", $"Bearer {token}"))).Status);
            (await PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 2 })).Ok();
            return (run, $"mlflow-artifacts:/{experiment}/{run}/artifacts/model");
        }

        public async Task EvaluateAsync(int version, double accuracy) => Assert.Equal(201, (await PostAsync(
            $"/api/v1/models/churn/versions/{version}/evaluations", new { dataset = new { name = "holdout", digest = "abc" }, metrics = new[] { new { key = "accuracy", value = accuracy, n = 1000 } } })).Status);

        public Task<Answer> ApproveAsync(int version) => PostAsync($"/api/v1/models/churn/versions/{version}/approvals", new { decision = "approve", comment = "Looked at the slices.", @for = "alias:production" });

        public async Task<(byte[] Bytes, Dictionary<string, byte[]> Files)> EvidenceAsync(int version)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/models/churn/versions/{version}/evidence");
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            using var zip = new ZipArchive(new MemoryStream(bytes));
            return (bytes, zip.Entries.ToDictionary(static entry => entry.FullName, static entry =>
            {
                using var copy = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(copy);
                return copy.ToArray();
            }, StringComparer.Ordinal));
        }

        private Task<Answer> SendAsync(HttpMethod method, string path, string? json) => api.SendJsonAsync(method, path, json, ("Authorization", $"Bearer {token}"));
    }

    /// <summary>Who takes part: Ann trains, Bea and Cal approve, Root administers.</summary>
    private sealed record Team(Person Ann, Person Bea, Person Cal, Person Root)
    {
        public static async Task<Team> GatherAsync(Api api)
        {
            var first = new Person(api, AdminToken);
            return new Team(await OfAsync("ann", "writer"), await OfAsync("bea", "approver"), await OfAsync("cal", "approver"), await OfAsync("root", "admin"));

            async Task<Person> OfAsync(string name, string role)
            {
                var made = await first.PostAsync("/api/v1/tokens", new { name, role });
                Assert.Equal(201, made.Status);
                return new Person(api, made.Json["token"]!.ToString());
            }
        }
    }
}
