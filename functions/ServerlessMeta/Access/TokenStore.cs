using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Access;

/// <summary>
/// API tokens. Each has a chain of audit entries of its own: makers never wait for each other, and the history of one token is one range. An instance trusts a token that it
/// found valid for half a minute, so that a busy job pays one operation in that time, not one a call; a token that was revoked elsewhere is refused at the latest then.
/// </summary>
public sealed class TokenStore
{
    /// <summary>How long an instance may go on taking a token that another instance revoked.</summary>
    public static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    private const string Kind = "Token";
    private const int Remembered = 10_000;
    private const int Attempts = 5;
    private readonly StorageClients storage;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, (ApiToken Token, long At)> known = new(StringComparer.Ordinal);

    internal TokenStore(StorageClients storage, TimeProvider time) => (this.storage, this.time) = (storage, time);

    /// <summary>Makes a token; the text is given here and never again.</summary>
    public async Task<(ApiToken Token, string Text)> CreateAsync(NewToken wanted, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (now, by) = (Now(), Caller.Current);
        var text = TokenText.New(now);
        var token = new ApiToken
        {
            Id = TokenText.IdOf(text)!,
            Name = wanted.Name,
            Label = wanted.Label,
            Role = wanted.Role,
            CreatedAt = now,
            CreatedBy = by.Name,
            ExpiresAt = wanted.ExpiresAt,
            Hash = [.. TokenText.HashOf(text)],
        };
        List<KeyValuePair<string, string>> details = [new("role", Roles.WordOf(token.Role)), new("expires", token.ExpiresAt is { } end ? Shown(end) : "never")];
        if (token.Label is { } label)
        {
            details.Add(new("label", label));
        }
        var write = WriteId.New();
        try
        {
            await Change(null, token, by, now, "token.create", details, write).CommitAsync(CancellationToken.None);
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 409 } || Outage.IsAmbiguous(unsure))
        {
            if ((await FindRowAsync(token.Id, CancellationToken.None))?.GetString(WriteId.Property) != write)
            {
                throw;
            }
        }
        return (token, text);
    }

    /// <summary>Revokes a token for ever; its row stays as evidence. It may be repeated.</summary>
    public async Task<Result<ApiToken>> RevokeAsync(string id, CancellationToken ct)
    {
        var by = Caller.Current;
        for (var attempt = 1; ; attempt++)
        {
            if (await FindRowAsync(id, ct) is not { } row)
            {
                return new Failure.NotFound(Kind, id);
            }
            var token = TokenRow.To(row);
            known.TryRemove(id, out _);
            if (token.RevokedAt is not null)
            {
                return token;
            }
            var now = Now();
            var revoked = token.Revoke(by.Name, now);
            try
            {
                await Change(row, revoked, by, now, "token.revoke", [], WriteId.New()).CommitAsync(CancellationToken.None);
                known.TryRemove(id, out _);
                return revoked;
            }
            catch (Exception unsure) when (attempt < Attempts && (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure)))
            {
                // The row tells whether it is revoked now, by this write or another's.
            }
        }
    }

    public async Task<Result<ApiToken>> FindAsync(string id, CancellationToken ct) =>
        await FindRowAsync(id, ct) is { } row ? TokenRow.To(row) : new Failure.NotFound(Kind, id);

    /// <summary>Tokens, the newest first, revoked and expired ones too.</summary>
    public async Task<Result<Paged<ApiToken>>> ListAsync(int size, string? pageToken, CancellationToken ct)
    {
        const string Query = "tokens";
        var after = PageToken.Read(Query, pageToken);
        if (!after.IsOk || (after.Value is { } last && !TokenText.IsId(last)))
        {
            return after.Failure ?? new Failure.Invalid("page_token", "Invalid page token, it names no token");
        }
        var (from, below) = TokenKeys.Tokens;
        var items = ImmutableArray.CreateBuilder<ApiToken>();
        await foreach (var row in storage.Tokens.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {TokenKeys.Partition} and RowKey gt {from + after.Value} and RowKey lt {below}"), Math.Min(1000, size + 1), cancellationToken: ct))
        {
            if (items.Count == size)
            {
                return new Paged<ApiToken>(items.ToImmutable(), PageToken.Write(Query, items[^1].Id));
            }
            items.Add(TokenRow.To(row));
        }
        return new Paged<ApiToken>(items.ToImmutable(), null);
    }

    /// <summary>Whether a text is meant as a token of the store, and so has to be a valid one.</summary>
    public static bool IsMeant(string text) => text.StartsWith(TokenText.Prefix, StringComparison.Ordinal);

    /// <summary>Who calls by a token. One operation, none within <see cref="Trusted"/> of the last.</summary>
    public async Task<Recognition> RecognizeAsync(string text, CancellationToken ct)
    {
        if (TokenText.IdOf(text) is not { } id)
        {
            return Recognition.Refused("The token is none of this store's: it has another shape.");
        }
        var hash = TokenText.HashOf(text);
        if (known.TryGetValue(id, out var last) && time.GetElapsedTime(last.At) < Trusted && IsOf(last.Token, hash))
        {
            return Judge(last.Token);
        }
        var began = time.GetTimestamp();
        // A row that no entry of the audit made was not made by the store.
        if (await FindRowAsync(id, ct) is not { } row || AuditHead.Of(row).Number == 0 || TokenRow.To(row) is not { } token || !IsOf(token, hash))
        {
            return Recognition.Refused("The token is not known to this store.");
        }
        var judged = Judge(token);
        if (judged.Caller is not null)
        {
            if (known.Count >= Remembered)
            {
                known.Clear();
            }
            known[id] = (token, began);
        }
        return judged;
    }

    /// <summary>Where a token would lie.</summary>
    internal AuditedObject? Locate(string id) => TokenText.IsId(id) ? new AuditedObject(Audited, id, TokenKeys.Token(id)) : null;

    internal AuditedPartition Audited => new(storage.Tokens, TokenKeys.Partition);

    private GroupTransaction Change(TableEntity? before, ApiToken token, Caller by, DateTimeOffset now, string action, IEnumerable<KeyValuePair<string, string>> details, string write)
    {
        var row = TokenRow.From(token);
        var trail = new AuditTrail(token.Id, $"token:{token.Id}", before is null ? AuditHead.None : AuditHead.Of(before));
        trail.Record(by, now, action, [new RowChange(row.RowKey, before is null ? null : RowDigest.Of(before), RowDigest.Of(row))], token.Name, details);
        trail.Head.Write(row);
        row[WriteId.Property] = write;
        var transaction = new GroupTransaction(storage.Tokens, TokenKeys.Partition);
        _ = before is null ? transaction.Add(row) : transaction.Replace(row, before.ETag);
        foreach (var entry in trail.Rows(TokenKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        return transaction;
    }

    private async Task<TableEntity?> FindRowAsync(string id, CancellationToken ct)
    {
        if (!TokenText.IsId(id))
        {
            return null;
        }
        var row = await storage.Tokens.GetEntityIfExistsAsync<TableEntity>(TokenKeys.Partition, TokenKeys.Token(id), cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    private Recognition Judge(ApiToken token) => token switch
    {
        { RevokedAt: { } at } => Recognition.Refused($"The token {token.Id} was revoked at {Shown(at)}."),
        { ExpiresAt: { } at } when at <= time.GetUtcNow() => Recognition.Refused($"The token {token.Id} expired at {Shown(at)}."),
        _ => Recognition.Of(token.ToCaller()),
    };

    private static bool IsOf(ApiToken token, byte[] hash) => CryptographicOperations.FixedTimeEquals(token.Hash.AsSpan(), hash);

    private static string Shown(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
