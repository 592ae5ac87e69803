using Azure.Data.Tables;

namespace ServerlessMeta.Access;

/// <summary>A token as a row.</summary>
internal static class TokenRow
{
    private const int Schema = 1;

    public static TableEntity From(ApiToken token) => new(TokenKeys.Partition, TokenKeys.Token(token.Id))
    {
        ["v"] = Schema,
        ["name"] = token.Name,
        ["label"] = token.Label,
        ["role"] = token.Role.ToString(),
        ["created"] = token.CreatedAt,
        ["creator"] = token.CreatedBy,
        ["expires"] = token.ExpiresAt,
        ["revoked"] = token.RevokedAt,
        ["revoker"] = token.RevokedBy,
        ["sha256"] = token.Hash.ToArray(),
    };

    public static ApiToken To(TableEntity row) => row.GetInt32("v") is Schema
        ? new()
        {
            Id = TokenKeys.IdOf(row.RowKey),
            Name = row.GetString("name"),
            Label = row.GetString("label"),
            Role = Enum.Parse<Role>(row.GetString("role")),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            CreatedBy = row.GetString("creator"),
            ExpiresAt = row.GetDateTimeOffset("expires"),
            RevokedAt = row.GetDateTimeOffset("revoked"),
            RevokedBy = row.GetString("revoker"),
            Hash = [.. row.GetBinary("sha256")],
        }
        : throw new InvalidDataException($"Token row '{row.RowKey}' has an unknown version.");
}
