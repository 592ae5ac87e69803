using Azure.Core;
using Azure.Core.Pipeline;
using CsCheck;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.ArtifactVersions;

/// <summary>A new digest makes the next version; a known one names the version it has.</summary>
public sealed class RegistrationTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_digest_makes_the_next_version_and_a_known_one_names_its_own()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        var first = await store.RegisterAsync(Contents.Content(1));
        var second = await other.RegisterAsync(Contents.Content(2));
        var again = await other.RegisterAsync(Contents.Content(1));

        Assert.Equal((1, true), (first.Version.Number, first.IsNew));
        Assert.Equal((2, true), (second.Version.Number, second.IsNew));
        Assert.Equal((1, false), (again.Version.Number, again.IsNew));
        Assert.Equal(first.Version.CreatedAt, again.Version.CreatedAt);
        Assert.Equal([2L, 1L], (await store.VersionsAsync()).Select(static version => version.Number));
    }

    [Fact]
    public async Task A_page_of_a_rare_type_looks_at_so_many_rows_and_pages_give_the_whole_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await Parallel.ForAsync(0, 120, Ct, async (i, _) => await store.RegisterAsync(Contents.Content(1, $"a{i:d3}") with { Type = i % 40 == 39 ? ArtifactType.Model : ArtifactType.Dataset }));
        var bounded = new ArtifactVersionReader(store.Storage, null!) { MostRows = 3 };
        var (names, pages, most, token) = (new List<string>(), 0, 0L, (string?)null);
        do
        {
            Paged<Artifact>? page = null;
            most = Math.Max(most, await Instance.CountAsync(async () => page = (await bounded.ListAsync(ArtifactType.Model, "a", 2, token, Ct)).Value));
            names.AddRange(page!.Items.Select(static artifact => artifact.Name));
            (token, pages) = (page.Next, pages + 1);
        }
        while (token is not null);

        Assert.Equal(["a039", "a079", "a119"], names);
        Assert.InRange(pages, 3, 60);
        Assert.Equal(16, most);
        Assert.Equal(names, (await store.VersionReader.ListAsync(ArtifactType.Model, "a", 10, null, Ct)).Value.Items.Select(static artifact => artifact.Name));
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_turn_is_told_so()
    {
        var held = new HeldPolicy();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: held);
        held.Hold();
        var first = store.Versions.RegisterAsync(Contents.Content(1), Ct);

        var second = await store.Versions.RegisterAsync(Contents.Content(2), Ct);

        held.Release();
        Assert.IsType<Failure.Busy>(second.Failure);
        Assert.True((await first).IsOk);
        Assert.True((await store.Versions.RegisterAsync(Contents.Content(2), Ct)).IsOk);
    }

    [Fact]
    public async Task What_is_said_later_of_the_same_content_is_added_to_its_version()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Contents.Content(1));

        await store.RegisterAsync(Contents.Content(1, sha256: true, location: "abfss://lake@acc/a"));
        await store.RegisterAsync(Contents.Content(1, md5: false, sha256: true, opaque: "xyz") with { Size = 7, Metadata = [new Tag("k", "1")], Schema = "[]", Description = "d" });
        var last = await store.RegisterAsync(Contents.Content(1, md5: false, opaque: "xyz") with { Size = 8, Metadata = [new Tag("k", "2"), new Tag("l", "3")] });

        var version = Assert.Single(await store.VersionsAsync());
        Assert.Equal(new ArtifactDigests(Contents.Md5(1), Contents.Sha256(1), "xyz"), version.Digests);
        Assert.Equal(["s3://bucket/a", "abfss://lake@acc/a"], version.Locations);
        Assert.Equal(7, version.Size);
        Assert.Equal([new Tag("k", "1"), new Tag("l", "3")], version.Metadata);
        Assert.Equal(4, version.Revision);
        Assert.False(last.IsNew);
        Assert.Equal("[]", (await store.VersionReader.FindVersionAsync("data", VersionReference.Parse("sha256:" + Contents.Sha256(1).ToUpperInvariant(), null), Ct)).Value.Schema);
        Assert.Equal("xyz", (await store.VersionReader.FindAsync("data", Ct)).Value.Digests.Opaque);
    }

    [Fact]
    public async Task Digests_that_name_different_versions_or_contradict_one_are_refused_and_change_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Contents.Content(1, sha256: true));
        await store.RegisterAsync(Contents.Content(2, md5: false, sha256: true));
        var before = (await store.VersionsAsync()).Select(Contents.Shown);

        var across = await store.Versions.RegisterAsync(Digests(Contents.Md5(1), Contents.Sha256(2)), Ct);
        var against = await store.Versions.RegisterAsync(Digests(Contents.Md5(3), Contents.Sha256(1)), Ct);
        var wrongly = await store.Versions.RegisterAsync(Contents.Content(9) with { Type = ArtifactType.Model }, Ct);

        Assert.Equal("md5 names version 1, sha256 names version 2: one content has one version.", Assert.IsType<Failure.Clash>(across.Failure).Detail);
        Assert.Equal($"Version 1 has this content, but its md5 is {Contents.Md5(1)}, not {Contents.Md5(3)}.", Assert.IsType<Failure.Clash>(against.Failure).Detail);
        Assert.Equal("Artifact 'data' is of type dataset, not model.", Assert.IsType<Failure.Clash>(wrongly.Failure).Detail);
        Assert.Equal(before, (await store.VersionsAsync()).Select(Contents.Shown));
    }

    [Fact]
    public async Task Eight_instances_at_once_make_one_version_of_each_content_and_numbers_without_gaps()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.AnotherAsync()));

        var registered = await Task.WhenAll(others.SelectMany((other, i) => Enumerable.Range(0, 12).Select(async step =>
        {
            var content = (step + (i * 5)) % 12;
            return (Content: content, Registered: await other.RegisterAsync(Contents.Content(content, md5: step % 2 == 0 || content % 2 == 0, sha256: content % 2 == 1)));
        })));

        var versions = await store.VersionsAsync();
        Assert.Equal(Enumerable.Range(1, 12).Select(static number => (long)number).Reverse(), versions.Select(static version => version.Number));
        Assert.Equal(12, registered.Count(static one => one.Registered.IsNew));
        Assert.All(registered.GroupBy(static one => one.Content), static same => Assert.Single(same.Select(static one => one.Registered.Version.Number).Distinct()));
        Assert.Equal(12, (await store.VersionReader.FindAsync("data", Ct)).Value.Latest);
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Any_order_of_the_same_registrations_gives_the_same_versions()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var number = 0;
        var one = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Int[0, 2], static (content, sha256, opaque, place) =>
            Contents.Content(content, sha256: sha256, opaque: opaque ? $"o{content}" : null, location: $"s3://bucket/{place}"));

        await Gen.Select(one.Array[1, 8], Gen.Int).SampleAsync(async (registrations, seed) =>
        {
            var (straight, shuffled) = ($"a{Interlocked.Increment(ref number)}", $"b{number}");
            var order = registrations.ToArray();
            new Random(seed).Shuffle(order);
            foreach (var (all, name) in new[] { (registrations, straight), (order, shuffled) })
            {
                foreach (var registration in all)
                {
                    await store.RegisterAsync(registration with { Name = name });
                }
            }
            var (first, second) = (await store.VersionsAsync(straight), await store.VersionsAsync(shuffled));
            Assert.Equal(first.Select(Contents.Shown).Order(StringComparer.Ordinal), second.Select(Contents.Shown).Order(StringComparer.Ordinal));
            Assert.Equal(registrations.Select(static registration => registration.Digests.Md5).Distinct().Count(), first.Length);
            Assert.Equal(first.Length, first[0].Number);
        }, iter: 25, threads: 1);
    }

    [Fact]
    public async Task An_artifact_with_more_digests_than_its_row_keeps_still_knows_the_oldest()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Contents.Content(1));
        var row = (await store.Storage.ArtifactVersions.GetEntityAsync<Azure.Data.Tables.TableEntity>(ArtifactVersionKeys.Partition("data"), ArtifactVersionKeys.Artifact("data"), cancellationToken: Ct)).Value;
        row["seen"] = Array.Empty<byte>();
        row["whole"] = false;
        await store.Storage.ArtifactVersions.UpdateEntityAsync(row, row.ETag, cancellationToken: Ct);

        var again = await store.RegisterAsync(Contents.Content(1));
        var next = await store.RegisterAsync(Contents.Content(2));

        Assert.Equal((1, false), (again.Version.Number, again.IsNew));
        Assert.Equal((2, true), (next.Version.Number, next.IsNew));
    }

    [Fact]
    public async Task Marks_that_mislead_are_put_right_by_the_claims()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(Contents.Content(1));
        await store.RegisterAsync(Contents.Content(2));
        var row = (await store.Storage.ArtifactVersions.GetEntityAsync<Azure.Data.Tables.TableEntity>(ArtifactVersionKeys.Partition("data"), ArtifactVersionKeys.Artifact("data"), cancellationToken: Ct)).Value;
        row["seen"] = SeenDigests.None.With([new(DigestKind.Md5, Contents.Md5(1))], 2).With([new(DigestKind.Md5, Contents.Md5(3))], 1).Packed;
        await store.Storage.ArtifactVersions.UpdateEntityAsync(row, row.ETag, cancellationToken: Ct);

        var known = await store.RegisterAsync(Contents.Content(1));
        var made = await store.RegisterAsync(Contents.Content(3));

        Assert.Equal((1, false), (known.Version.Number, known.IsNew));
        Assert.Equal((3, true), (made.Version.Number, made.IsNew));
    }

    [Fact]
    public async Task Locations_beyond_what_a_version_takes_are_refused_to_clients_and_left_out_of_notes()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 29; i++)
        {
            await store.RegisterAsync(Contents.Content(1, location: $"s3://{i:d2}/" + new string('x', 2000)));
        }

        Failure? refused = null;
        for (var i = 29; i < 32 && refused is null; i++)
        {
            refused = (await store.Versions.RegisterAsync(Contents.Content(1, location: $"s3://{i:d2}/" + new string('x', 2000)), Ct)).Failure;
        }
        var noted = await store.RegisterAsync(Contents.Content(1, location: "s3://99/" + new string('x', 2000)) with { IsNote = true });

        Assert.Equal("uri", Assert.IsType<Failure.Invalid>(refused).Field);
        Assert.Equal(1, noted.Version.Number);
        Assert.DoesNotContain(noted.Version.Locations, static location => location.StartsWith("s3://99", StringComparison.Ordinal));
    }

    private static Registration Digests(string md5, string sha256) => new("data", ArtifactType.Dataset, new ArtifactDigests(md5, sha256, null), "s3://b");

    // Requests wait from Hold to Release.
    private sealed class HeldPolicy : HttpPipelinePolicy
    {
        private TaskCompletionSource? gate;

        public void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => gate!.SetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await (gate?.Task ?? Task.CompletedTask);
            await ProcessNextAsync(message, pipeline);
        }
    }
}
