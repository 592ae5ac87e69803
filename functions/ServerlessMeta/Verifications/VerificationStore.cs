using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Verifications;

/// <summary>Reads all files of versions again, and records what was found: so a gate need not read gigabytes while something is moved, and has a record that proves it.</summary>
public sealed class VerificationStore
{
    private readonly ModelWriter writer;
    private readonly ModelReader reader;
    private readonly ModelRecords records;
    private readonly VersionFiles files;
    private readonly ContentVerifier verifier;

    internal VerificationStore(ModelWriter writer, ModelReader reader, ModelRecords records, VersionFiles files, ContentVerifier verifier) =>
        (this.writer, this.reader, this.records, this.files, this.verifier) = (writer, reader, records, files, verifier);

    /// <summary>Verifies a version: an operation for each file, and five.</summary>
    public async Task<Result<Verification>> VerifyAsync(string name, int version, CancellationToken ct)
    {
        if (await reader.FindAsync(name, ct) is not { } model)
        {
            return new Failure.NotFound(ModelWriter.Kind, name);
        }
        if (await reader.FindVersionAsync(model, version, ct) is not { } found)
        {
            return ModelVersionStore.NotFound(name, version);
        }
        var content = await files.ReadAsync(found, ct);
        if (content.Files is not { Length: > 0 } all)
        {
            return new Failure.Clash(ModelVersionStore.Kind, ModelVersionStore.Id(name, version), content.Files is null ? "The version's files lie outside of this store, which cannot read them." : "The version has no files.");
        }
        var broken = ImmutableArray.CreateBuilder<string>();
        foreach (var file in all)
        {
            if (!(await verifier.VerifyAsync(file, ct)).IsOk)
            {
                broken.Add(file.Path.ToString());
            }
        }
        return await writer.ChangeAsync(name, async (change, stop) =>
        {
            if (await change.FindVersionAsync(version, stop) is null)
            {
                return ModelVersionStore.NotFound(name, version);
            }
            var verification = new Verification
            {
                Id = change.Model.Revision,
                Version = version,
                Content = content.Digest,
                Files = all.Length,
                Bytes = all.Sum(static file => file.Size),
                Faults = broken.Count,
                Broken = [.. broken.Take(Verification.MostNamed)],
                At = change.At,
                By = change.By.Name,
            };
            change.Record(VerificationRow.From(verification, VerificationKeys.Verification(change.Model.Number, version, change.At, change.Model.Revision)), null);
            change.Note(
                "version.verify",
                new("version", version.ToString(CultureInfo.InvariantCulture)), new("content", content.Digest), new("faults", broken.Count.ToString(CultureInfo.InvariantCulture)));
            return (Result<Verification>)verification;
        }, ct);
    }

    /// <summary>Verifications of a version, the last first.</summary>
    public Task<Result<Paged<Verification>>> ListAsync(RegisteredModel model, int version, DateTimeOffset? asOf, int size, string? pageToken, CancellationToken ct) => records.PageAsync(
        string.Create(CultureInfo.InvariantCulture, $"verifications\n{model.Number}\n{version}\n{asOf}"), VerificationKeys.Verifications(model.Number, version, asOf), size, pageToken, VerificationRow.To, ct);

    /// <summary>The last verification of a version; null when there is none.</summary>
    internal async Task<Verification?> FindLastAsync(long model, int version, DateTimeOffset? asOf, CancellationToken ct)
    {
        await foreach (var row in records.ReadAsync(VerificationKeys.Verifications(model, version, asOf), 1, null, ct))
        {
            return VerificationRow.To(row);
        }
        return null;
    }
}
