using System.IO.Pipelines;
using System.Security.Cryptography;
using Azure.Storage.Blobs.Specialized;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class SealTests(AzuriteFixture azurite)
{
    private const int AtOnce = 6;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_chains_that_grew_are_sealed_again()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Assert.Equal(2, await store.AuditSealer.RunAsync(Ct));
        Assert.Equal(0, await store.AuditSealer.RunAsync(Ct));
        await store.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct);
        Assert.Equal(0, await store.AuditSealer.RunAsync(Ct));
        await store.Runs.SetTagAsync(run, "t", static _ => "1", Ct);
        await store.Upkeep.RunAsync(Ct);
        await using var other = await store.AnotherAsync();
        Assert.Equal(1, await other.AuditSealer.RunAsync(Ct));
        Assert.Equal(0, await other.AuditSealer.RunAsync(Ct));

        var report = (await store.AuditVerifier.VerifyNextAsync(null, Ct)).Value;

        Assert.Empty(report.Findings);
        Assert.Equal((2, 2), (report.Checkpoints.Count, report.Checkpoints.Unsigned));
    }

    [Fact]
    public async Task A_chain_written_anew_with_all_its_hashes_is_found_by_its_seal()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.SetTagAsync(run, "t", static _ => "1", Ct);
        await store.AuditSealer.RunAsync(Ct);
        await store.Table.ForgeAsync(RunKeys.Partition(run), RunKeys.Run(run), run.ToString(), static entry => entry with { By = "somebody else" });
        await using var honest = await store.AnotherAsync();
        Assert.True((await honest.Runs.SetTagAsync(run, "later", static _ => "1", Ct)).IsOk);
        await honest.AuditSealer.RunAsync(Ct);

        var found = Assert.Single(await store.FindingsAsync($"run:{run}"));

        Assert.Equal(("rewritten", 2), (found.Fault, found.Entry));
        Assert.Equal(found, Assert.Single((await store.VerifyAllAsync()).Findings));
    }

    [Fact]
    public async Task A_tail_cut_with_its_head_is_found_by_its_seal()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.SetTagAsync(run, "t", static _ => "1", Ct);
        var made = await store.Table.RowAsync(RunKeys.Partition(run), RunKeys.Run(run));
        await store.Runs.SetTagAsync(run, "t", static _ => "2", Ct);
        await store.AuditSealer.RunAsync(Ct);
        await store.Table.PutAsync(made);
        await store.Table.ForgeAsync(RunKeys.Partition(run), RunKeys.Run(run), run.ToString(), static entry => entry.Number < 3 ? entry : null);
        await store.AuditSealer.RunAsync(Ct);

        var found = Assert.Single(await store.FindingsAsync($"run:{run}"));

        Assert.Equal(("shorter-than-sealed", 3), (found.Fault, found.Entry));
        Assert.Equal(found, Assert.Single((await store.VerifyAllAsync()).Findings));
    }

    [Fact]
    public async Task A_run_removed_without_a_trace_is_found_by_its_seal()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.AuditSealer.RunAsync(Ct);
        foreach (var prefix in (string[])["r|", "h|", "j|", "y|"])
        {
            foreach (var row in await store.Table.RowsAsync(RunKeys.Partition(run), prefix))
            {
                await store.Table.RemoveAsync(row);
            }
        }

        Assert.Equal(("shorter-than-sealed", $"run:{run}"), (Assert.Single((await store.VerifyAllAsync()).Findings) is var found ? found.Fault : "", found.Object));
    }

    [Fact]
    public async Task Signed_checkpoints_are_proven_by_their_key_and_survive_its_change()
    {
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Audit:SigningKey", first.ExportPkcs8PrivateKeyPem())]);
        await store.CreateRunAsync();
        await store.AuditSealer.RunAsync(Ct);
        await using var later = await store.AnotherAsync(null, ("Audit:SigningKey", Convert.ToBase64String(second.ExportPkcs8PrivateKey())), ("Audit:TrustedKeys", first.ExportSubjectPublicKeyInfoPem()));
        await later.CreateRunAsync();
        await later.AuditSealer.RunAsync(Ct);

        var report = (await later.AuditVerifier.VerifyNextAsync(null, Ct)).Value;
        var strange = (await store.AuditVerifier.VerifyNextAsync(null, Ct)).Value;

        Assert.Empty(report.Findings);
        Assert.Equal((2, 0, 2), (report.Checkpoints.Count, report.Checkpoints.Unsigned, report.Checkpoints.Keys.Length));
        Assert.Equal(("checkpoint-untrusted", 2L), (Assert.Single(strange.Findings).Fault, strange.Findings[0].Entry));
    }

    [Theory]
    [InlineData("changed", "checkpoint-changed", 2)]
    [InlineData("removed", "checkpoint-removed", 2)]
    [InlineData("cut", "checkpoint-removed", 3)]
    [InlineData("last", "checkpoint-changed", 3)]
    public async Task A_checkpoint_changed_or_removed_is_named(string how, string fault, long number)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Audit:SigningKey", key.ExportPkcs8PrivateKeyPem())]);
        for (var i = 0; i < 3; i++)
        {
            await store.CreateRunAsync();
            await store.AuditSealer.RunAsync(Ct);
        }
        var blob = store.Storage.AuditSeals.GetAppendBlobClient("checkpoints/0000.jsonl");
        var lines = (await blob.DownloadContentAsync(Ct)).Value.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        Assert.Equal(3, lines.Count);
        var index = how is "last" ? 2 : 1;
        lines[index] = lines[index].Replace("\"at\":\"2", "\"at\":\"1", StringComparison.Ordinal);
        if (how is "removed" or "cut")
        {
            lines.RemoveAt(how is "cut" ? 2 : 1);
        }
        await blob.DeleteAsync(cancellationToken: Ct);
        await blob.CreateAsync(cancellationToken: Ct);
        await blob.AppendBlockAsync(BinaryData.FromString(string.Join('\n', lines) + "\n").ToStream(), cancellationToken: Ct);

        var findings = (await store.AuditVerifier.VerifyNextAsync(null, Ct)).Value.Findings;

        Assert.Contains((fault, (long?)number), findings.Select(static found => (found.Fault, found.Entry)));
    }

    [Fact]
    public async Task Two_sealings_at_once_make_one_sound_row_of_checkpoints()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        for (var i = 0; i < 5; i++)
        {
            await store.CreateRunAsync();
            await Task.WhenAll(store.AuditSealer.RunAsync(Ct), other.AuditSealer.RunAsync(Ct), store.AuditSealer.RunAsync(Ct));
        }
        await store.AuditSealer.RunAsync(Ct);

        Assert.Empty((await store.VerifyAllAsync()).Findings);
        Assert.Equal(0, await other.AuditSealer.RunAsync(Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sealing_cut_anywhere_is_made_good_by_the_next(bool afterEffect)
    {
        for (var request = 1; ; request += AtOnce)
        {
            var struck = await Task.WhenAll(Enumerable.Range(request, AtOnce).Select(CutAsync));
            if (struck.Contains(false))
            {
                Assert.True(request - 1 + struck.Count(static one => one) >= 5);
                return;
            }
        }

        async Task<bool> CutAsync(int request)
        {
            var fault = new FaultPolicy(afterEffect, retries: 3);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var failing = await store.AnotherAsync(fault);
            await store.CreateRunAsync();
            await store.AuditSealer.RunAsync(Ct);
            await store.CreateRunAsync();
            fault.Arm(request);
            try
            {
                await failing.AuditSealer.RunAsync(Ct);
            }
            catch (Exception outage) when (Outage.IsAmbiguous(outage))
            {
                // The timer comes again.
            }
            await store.AuditSealer.RunAsync(Ct);
            Assert.Empty((await store.VerifyAllAsync()).Findings);
            Assert.Equal(0, await store.AuditSealer.RunAsync(Ct));
            return fault.Struck;
        }
    }

    [Fact]
    public async Task An_export_is_verified_without_the_store()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Audit:SigningKey", key.ExportPkcs8PrivateKeyPem())]);
        var run = await store.CreateRunAsync();
        await store.Runs.SetTagAsync(run, "t\r\n\u2028\"\\", static _ => "\ud83d\ude00", Ct);
        await store.AuditSealer.RunAsync(Ct);
        await store.Runs.SetTagAsync(run, "t", static _ => "2", Ct);
        var whole = await ExportAsync(store);
        var alone = await ExportAsync(store, $"run:{run}");

        var report = ExportCheck.Run(new StringReader(whole), key.ExportSubjectPublicKeyInfoPem());

        Assert.Empty(report.Findings);
        Assert.Equal((2, 4, 1), (report.Chains, report.Entries, report.Checkpoints.Count));
        Assert.Equal((1, 3), ExportCheck.Run(new StringReader(alone), null) is { Findings.Length: 0 } one ? (one.Chains, one.Entries) : default);
        var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < lines.Length; i++)
        {
            Assert.NotEmpty(ExportCheck.Run(new StringReader(string.Join('\n', lines.Where((_, n) => n != i))), null).Findings);
            var at = lines[i].LastIndexOf('"') - 1;
            var changed = lines[i].Remove(at, 1).Insert(at, lines[i][at] == '0' ? "1" : "0");
            if (!lines[i].StartsWith("{\"end", StringComparison.Ordinal))
            {
                Assert.NotEmpty(ExportCheck.Run(new StringReader(string.Join('\n', lines.Select((line, n) => n == i ? changed : line))), null).Findings);
            }
        }
    }

    private static async Task<string> ExportAsync(Instance store, params string[] objects)
    {
        using var body = new MemoryStream();
        await store.AuditExport.WriteAsync(PipeWriter.Create(body), (await store.AuditExport.LocateAsync(objects, Ct)).Value, Ct);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }
}
