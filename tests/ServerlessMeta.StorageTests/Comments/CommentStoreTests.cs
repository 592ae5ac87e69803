using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Comments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Audit;

namespace ServerlessMeta.StorageTests.Comments;

/// <summary>Comments, their mentions and their audit are one: whoever writes beside, and whichever request fails.</summary>
public sealed class CommentStoreTests(AzuriteFixture azurite)
{
    private static readonly FoundSubject Subject = new(new CommentSubject.OfVersion(7, 3), "churn");
    private static readonly FoundSubject Other = new(new CommentSubject.OfModel(7), "churn");
    private static readonly Caller Ada = new("ada", Role.Writer, "local");
    private static readonly Caller Grace = new("grace", Role.Writer, "local");
    private static readonly Caller Root = new("root", Role.Admin, "local");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_at_once_make_comments_without_gaps_and_one_chain()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => (number % 2 == 0 ? store : other).Comments.AddAsync(Subject, $"{number} @ada", null, null, Ct)));

        Assert.Equal(Enumerable.Range(1, 12).Select(static number => (long)number), made.Select(static comment => comment.Value.Number).Order());
        var entries = await ChainAsync(store);
        Assert.Equal(12, entries.Length);
        Assert.All(entries, static entry => Assert.Equal(("comments:version:7:3", "comment.create", "churn"), (entry.Object, entry.Action, entry.Name)));
        Assert.Equal(12, (await MentionsAsync(store, "ada")).Length);
        Assert.Empty((await store.Comments.ListAsync(Other.Subject, 10, null, Ct)).Value.Items);
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_in_order()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var number = 0; number < 7; number++)
        {
            await store.Comments.AddAsync(number % 3 == 2 ? Other : Subject, $"{number} @ada", null, null, Ct);
        }
        for (var size = 1; size <= 8; size++)
        {
            var (comments, mentions) = (new List<long>(), new List<(string Subject, long Number)>());
            for (string? token = null; ;)
            {
                var page = (await store.Comments.ListAsync(Subject.Subject, size, token, Ct)).Value;
                comments.AddRange(page.Items.Select(static comment => comment.Number));
                if ((token = page.Next) is null)
                {
                    break;
                }
            }
            for (string? token = null; ;)
            {
                var page = (await store.Comments.ListMentionsAsync("ada", size, token, Ct)).Value;
                mentions.AddRange(page.Items.Select(static mention => (mention.Subject.Name, mention.Number)));
                if ((token = page.Next) is null)
                {
                    break;
                }
            }

            Assert.Equal([1L, 2L, 3L, 4L, 5L], comments);
            Assert.Equal(7, mentions.Distinct().Count());
            Assert.Equal(7, mentions.Count);
        }
    }

    [Fact]
    public async Task A_page_token_of_one_name_shows_nobody_elses_mentions()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Comments.AddAsync(Subject, "@grace", null, null, Ct);

        foreach (var place in new[] { "0", "z", "|", "' or true", "\u0001", new string('0', 200) })
        {
            var page = await store.Comments.ListMentionsAsync("ada", 10, PageToken.Write("mentions of ada", place), Ct);

            Assert.True(page.Failure is Failure.Invalid || page.Value.Items.IsEmpty);
        }
    }

    [Fact]
    public async Task Mentions_follow_the_text()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        using var scope = Ada.Act();
        await store.Comments.AddAsync(Subject, "@grace and @alan", null, null, Ct);
        clock.Advance(TimeSpan.FromMinutes(1));
        await store.Comments.AddAsync(Other, "@grace", null, null, Ct);
        clock.Advance(TimeSpan.FromMinutes(1));

        var edited = (await store.Comments.EditAsync(Subject, 1, "@grace and @joan, better", null, Ct)).Value;

        Assert.Equal(("ada", 2L), (edited.Author, edited.Revision));
        Assert.Empty(await MentionsAsync(store, "alan"));
        Assert.Equal([("model:7", 0), ("version:7:3", -1)], (await MentionsAsync(store, "grace")).Select(mention => (mention.Subject.Name, (int)(mention.At - clock.GetUtcNow()).TotalMinutes + 1)));
        Assert.Equal("@grace and @joan, better", (await MentionsAsync(store, "grace"))[1].Excerpt);
        Assert.Equal(clock.GetUtcNow(), (await MentionsAsync(store, "joan")).Single().At);

        Assert.True((await store.Comments.DeleteAsync(Subject, 1, null, Ct)).IsOk);
        Assert.Empty(await MentionsAsync(store, "joan"));
        Assert.Single(await MentionsAsync(store, "grace"));
        Assert.Equal(["comment.create", "comment.edit", "comment.delete"], (await ChainAsync(store)).Select(static entry => entry.Action));
    }

    [Fact]
    public async Task A_deleted_text_is_nowhere_in_storage()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Comments.AddAsync(Subject, "unforgettable @ada", null, null, Ct);

        await store.Comments.DeleteAsync(Subject, 1, null, Ct);

        await foreach (var row in store.Storage.Comments.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Ct))
        {
            Assert.All(row, static property => Assert.DoesNotContain("unforgettable", property.Value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : property.Value?.ToString() ?? "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Authors_change_their_own_and_administrators_delete_any()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using (Ada.Act())
        {
            await store.Comments.AddAsync(Subject, "mine", null, null, Ct);
        }
        using (Grace.Act())
        {
            Assert.IsType<Failure.Forbidden>((await store.Comments.EditAsync(Subject, 1, "yours", null, Ct)).Failure);
            Assert.IsType<Failure.Forbidden>((await store.Comments.DeleteAsync(Subject, 1, null, Ct)).Failure);
        }
        using (Root.Act())
        {
            Assert.IsType<Failure.Forbidden>((await store.Comments.EditAsync(Subject, 1, "ours", null, Ct)).Failure);
            Assert.Equal(("ada", "root", (string?)null), (await store.Comments.DeleteAsync(Subject, 1, null, Ct)).Value is var gone ? (gone.Author, gone.DeletedBy!, gone.Text) : default);
        }
        using (Ada.Act())
        {
            Assert.IsType<Failure.WrongStage>((await store.Comments.EditAsync(Subject, 1, "again", null, Ct)).Failure);
            Assert.Equal("root", (await store.Comments.DeleteAsync(Subject, 1, null, Ct)).Value.DeletedBy);
        }
        Assert.Equal([("ada", "comment.create"), ("root", "comment.delete")], (await ChainAsync(store)).Select(static entry => (entry.By, entry.Action)));
    }

    [Fact]
    public async Task A_revision_that_the_caller_saw_is_held_to()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Comments.AddAsync(Subject, "one", null, null, Ct);
        await store.Comments.EditAsync(Subject, 1, "two", 1, Ct);

        Assert.IsType<Failure.Conflict>((await store.Comments.EditAsync(Subject, 1, "three", 1, Ct)).Failure);
        Assert.IsType<Failure.Conflict>((await store.Comments.DeleteAsync(Subject, 1, 1, Ct)).Failure);
        Assert.Equal(2, (await store.Comments.EditAsync(Subject, 1, "two", 1, Ct)).Value.Revision);
        Assert.Equal(3, (await store.Comments.DeleteAsync(Subject, 1, 2, Ct)).Value.Revision);
    }

    [Fact]
    public async Task A_key_makes_one_comment_of_its_author_on_its_subject()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        using var scope = Ada.Act();

        var made = await Task.WhenAll(store.Comments.AddAsync(Subject, "once", null, "k", Ct), other.Comments.AddAsync(Subject, "once", null, "k", Ct), store.Comments.AddAsync(Subject, "once", null, "k", Ct));

        Assert.Equal([1L, 1L, 1L], made.Select(static comment => comment.Value.Number));
        using (Grace.Act())
        {
            Assert.Equal(2, (await store.Comments.AddAsync(Subject, "hers", null, "k", Ct)).Value.Number);
        }
        Assert.Equal(1, (await store.Comments.AddAsync(Other, "elsewhere", null, "k", Ct)).Value.Number);
        Assert.Equal(2, (await ChainAsync(store)).Length);
    }

    [Fact]
    public async Task A_clock_that_is_behind_never_takes_an_entry_before_the_last()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var first = (await store.Comments.AddAsync(Subject, "one", null, null, Ct)).Value;
        await using var behind = await Instance.StartAsync(store.Connection, store.Prefix, clock);

        var second = (await behind.Comments.AddAsync(Subject, "two", null, null, Ct)).Value;

        Assert.Equal(first.CreatedAt, second.CreatedAt);
        Assert.Equal(2, (await ChainAsync(store)).Length);
    }

    [Fact]
    public async Task The_audit_finds_comments_by_their_source()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Comments.AddAsync(Subject, "@ada", null, "k", Ct);
        await store.Comments.EditAsync(Subject, 1, "@grace", null, Ct);
        foreach (var other in new CommentSubject[] { new CommentSubject.OfModel(7), new CommentSubject.OfModel(70), new CommentSubject.OfVersion(7, 30), new CommentSubject.OfExperiment(new ExperimentId(7)), new CommentSubject.OfRun(await store.CreateRunAsync()) })
        {
            await store.Comments.AddAsync(new FoundSubject(other, null), "a", null, null, Ct);
        }

        Assert.Equal(["comment.edit", "comment.create"], (await store.EntriesAsync("comments:version:7:3")).Select(static entry => entry.Action));
        await store.AssertSoundAsync();

        var row = (await store.Storage.Comments.GetEntityAsync<Azure.Data.Tables.TableEntity>(CommentKeys.Partition, CommentKeys.Comment(Subject.Subject, 1), cancellationToken: Ct)).Value;
        row["author"] = "mallory";
        await store.Storage.Comments.UpdateEntityAsync(row, row.ETag, Azure.Data.Tables.TableUpdateMode.Replace, Ct);
        var (_, _, _, findings) = await store.VerifyAllAsync();
        Assert.Equal("comments:version:7:3", findings.Single().Object);
    }

    public static TheoryData<string, bool, int> Faults => FaultMatrix.Of("add", "edit", "delete");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_change_is_whole_or_absent_whichever_request_fails_and_may_be_repeated(string name, bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await FaultMatrix.RunAsync(store, afterEffect, retries, async (n, faulty) =>
        {
            var subject = new FoundSubject(new CommentSubject.OfVersion(7, n), "churn");
            var who = $"{name}-{n}";
            await store.Comments.AddAsync(subject, $"@{who}-before", null, null, Ct);
            return new FaultCase(
                CallAsync,
                async answered =>
                {
                    var (entries, mentions) = ((await ChainAsync(store, subject)).Length, (await MentionsAsync(store, who)).Length);
                    Assert.InRange(entries, answered ? 2 : 1, 2);
                    Assert.Equal(name == "delete" ? 0 : entries - 1, mentions);
                },
                async () =>
                {
                    Assert.True(await CallAsync());
                    Assert.Equal(2, (await ChainAsync(store, subject)).Length);
                    Assert.Equal(name == "delete" ? 0 : 1, (await MentionsAsync(store, who)).Length);
                    Assert.Equal(name == "add" ? 1 : 0, (await MentionsAsync(store, who + "-before")).Length);
                });

            async Task<bool> CallAsync() => (name switch
            {
                "add" => await faulty.Comments.AddAsync(subject, $"@{who}", 1, "key", Ct),
                "edit" => await faulty.Comments.EditAsync(subject, 1, $"@{who}", 1, Ct),
                _ => await faulty.Comments.DeleteAsync(subject, 1, 1, Ct),
            }).IsOk;
        });
    }

    private static Task<ImmutableArray<AuditEntryView>> ChainAsync(Instance store, FoundSubject? subject = null) => store.SoundChainAsync($"comments:{(subject ?? Subject).Subject.Name}");

    private static async Task<ImmutableArray<FoundMention>> MentionsAsync(Instance store, string name) => (await store.Comments.ListMentionsAsync(name, 1000, null, Ct)).Value.Items;
}
