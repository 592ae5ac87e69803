using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Approvals;

/// <summary>What people say of model versions. Each word is one transaction with its audit entry; none is ever changed, the last of each person counts.</summary>
public sealed class ApprovalStore
{
    /// <summary>How many words on a version are looked at, the last first.</summary>
    public const int MostLookedAt = 5000;

    private readonly ModelWriter writer;
    private readonly ModelRecords records;
    private readonly VersionFiles files;
    private readonly ImmutableArray<ApprovalRule> rules;

    internal ApprovalStore(ModelWriter writer, ModelRecords records, VersionFiles files, IEnumerable<ApprovalRule> rules) => (this.writer, this.records, this.files, this.rules) = (writer, records, files, [.. rules]);

    /// <summary>Records what the caller says of a version: five operations, six when the model has a policy. Said again, it is not recorded again.</summary>
    /// <returns>The record, and whether it is new; <see cref="Failure.Forbidden"/> when the policy wants another person; <see cref="Failure.Clash"/> for withdrawing what was not said.</returns>
    public Task<Result<(Approval Approval, bool IsNew)>> DecideAsync(string name, int version, NewApproval wanted, CancellationToken ct) => writer.ChangeAsync<(Approval, bool)>(name, async (change, stop) =>
    {
        if (await change.FindVersionAsync(version, stop) is not { } found)
        {
            return ModelVersionStore.NotFound(name, version);
        }
        // Whoever left cannot take back a rejection, and it must not block for ever.
        var by = wanted.Of ?? change.By.Name;
        var isOfAnother = !Standing.Persons.Equals(by, change.By.Name);
        if (isOfAnother && change.By.Role < Role.Admin)
        {
            return new Failure.Forbidden("Only an administrator may withdraw what another said.");
        }
        foreach (var rule in rules)
        {
            if (await rule(change, found, wanted, stop) is { } refused)
            {
                return refused;
            }
        }
        // The person's last word on any of what this one is for: only it may be the same word, or be withdrawn.
        var last = (await ReadAsync(change.Model.Number, version, null, stop)).FirstOrDefault(said => Standing.Persons.Equals(said.By, by) && said.IsFor(wanted.For));
        if (wanted.Decision is ApprovalDecision.Withdraw && last is null)
        {
            return new Failure.Clash(ModelVersionStore.Kind, ModelVersionStore.Id(name, version), $"{by} has said nothing of it{(wanted.For is { } target ? $" for {target}" : "")} that could be withdrawn.");
        }
        var content = (await files.ReadAsync(found, stop)).Digest;
        if (last is not null && last.For == wanted.For && last.Decision == wanted.Decision && last.Role == change.By.Role && last.Content == content && (!isOfAnother || last.WithdrawnBy is not null) && (wanted.Comment is null || last.Comment == wanted.Comment))
        {
            return (last, false);
        }
        var approval = new Approval
        {
            Id = change.Model.Revision,
            Version = version,
            Decision = wanted.Decision,
            By = isOfAnother ? last!.By : change.By.Name,
            WithdrawnBy = isOfAnother ? change.By.Name : null,
            Role = change.By.Role,
            At = change.At,
            Comment = wanted.Comment,
            For = wanted.For,
            Content = content,
            ByAuthor = Standing.Persons.Equals(found.Author, by),
        };
        change.Record(ApprovalRow.From(approval, ApprovalKeys.Approval(change.Model.Number, version, change.At, change.Model.Revision)), null);
        change.Note(
            $"version.{ApprovalView.WordOf(wanted.Decision)}",
            new("version", version.ToString(CultureInfo.InvariantCulture)), new("for", wanted.For?.ToString() ?? ""), new("content", content), new("comment", wanted.Comment ?? ""), new("of", isOfAnother ? by : ""));
        return (approval, true);
    }, ct);

    /// <summary>All that was said of a version, the last first.</summary>
    public Task<Result<Paged<Approval>>> ListAsync(RegisteredModel model, int version, DateTimeOffset? asOf, int size, string? pageToken, CancellationToken ct) => records.PageAsync(
        string.Create(CultureInfo.InvariantCulture, $"approvals\n{model.Number}\n{version}\n{asOf}"), ApprovalKeys.Approvals(model.Number, version, asOf), size, pageToken, ApprovalRow.To, ct);

    /// <summary>What was said of a version, the last first: up to <see cref="MostLookedAt"/>, a thousand an operation.</summary>
    internal Task<ImmutableArray<Approval>> ReadAsync(long model, int version, DateTimeOffset? asOf, CancellationToken ct) => ReadAsync(ApprovalKeys.Approvals(model, version, asOf), ct);

    /// <summary>What was said of the versions from one number to another, both included, in their order, of each the last first: up to <see cref="MostLookedAt"/> together.</summary>
    internal Task<ImmutableArray<Approval>> ReadManyAsync(long model, int first, int last, CancellationToken ct) =>
        ReadAsync((ApprovalKeys.Approvals(model, first, null).From, ApprovalKeys.Approvals(model, last, null).Below), ct);

    private async Task<ImmutableArray<Approval>> ReadAsync((string From, string Below) range, CancellationToken ct)
    {
        var said = ImmutableArray.CreateBuilder<Approval>();
        await foreach (var row in records.ReadAsync(range, 1000, null, ct))
        {
            said.Add(ApprovalRow.To(row));
            if (said.Count == MostLookedAt)
            {
                break;
            }
        }
        return said.ToImmutable();
    }
}
