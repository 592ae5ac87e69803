using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>The place of a model or version in the order of a query, whatever becomes of it: what a page token has.</summary>
internal sealed record RegistryMark(string Name, int Version, long CreatedAt, long UpdatedAt)
{
    private const char Separator = '&';

    public static RegistryMark Of(RegistryHit hit) => new(
        hit.Model.Name, hit.Version?.Number ?? 0, (hit.Version?.CreatedAt ?? hit.Model.CreatedAt).ToUnixTimeMilliseconds(), (hit.Version?.UpdatedAt ?? hit.Model.UpdatedAt).ToUnixTimeMilliseconds());

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Version}{Separator}{CreatedAt}{Separator}{UpdatedAt}{Separator}{Name}");

    public static RegistryMark? Read(string text) => text.Split(Separator, 4) is [var version, var created, var updated, var name]
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(created, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var createdAt) && createdAt is >= -62135596800000 and <= 253402300799999
        && long.TryParse(updated, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var updatedAt) && updatedAt is >= -62135596800000 and <= 253402300799999
        ? new RegistryMark(name, number, createdAt, updatedAt) : null;

    /// <summary>As a query that orders by these alone sees it.</summary>
    public RegistryHit ToHit(ImmutableArray<Field> fields)
    {
        var (created, updated) = (DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt));
        var model = new RegisteredModel { Number = 0, Name = Name, Stage = LifecycleStage.Active, CreatedAt = created, UpdatedAt = updated, Revision = 0 };
        return new RegistryHit(fields, model, Version == 0 ? null : new ModelVersion { Model = 0, Number = Version, Source = "", Author = "", CreatedAt = created, UpdatedAt = updated });
    }
}
