using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>Where the verification of a whole store stands.</summary>
/// <param name="Kind">The kind of objects.</param>
/// <param name="Partition">Their partition.</param>
/// <param name="Phase">What of it.</param>
/// <param name="From">The object or the row that is next; empty: the first.</param>
/// <param name="Until">Entries by time after this moment are left to the next verification.</param>
/// <param name="Sum">The entries of the chains, summed, less those by time.</param>
internal sealed record VerifyCursor(string Kind, string Partition, VerifyPhase Phase, string From, DateTimeOffset Until, UInt128 Sum)
{
    private const string Query = "audit verify";

    public string Write() => PageToken.Write(Query, string.Join('\n', Kind, Partition, ((int)Phase).ToString(CultureInfo.InvariantCulture), From,
        Until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Sum.ToString("x32", CultureInfo.InvariantCulture)));

    /// <returns>Null when there is no token.</returns>
    public static Result<VerifyCursor?> Read(string? token)
    {
        var text = PageToken.Read(Query, token);
        if (!text.IsOk)
        {
            return text.Failure;
        }
        if (text.Value is null)
        {
            return (VerifyCursor?)null;
        }
        return text.Value.Split('\n') is [var kind, var partition, var phase, var from, var until, var sum]
            && Enum.TryParse<VerifyPhase>(phase, out var known) && Enum.IsDefined(known)
            && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 99_999_999_999_999
            && UInt128.TryParse(sum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var summed)
            ? new VerifyCursor(kind, partition, known, from, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), summed)
            : new Failure.Invalid("page_token", "Invalid page token, it names no place in the store");
    }
}
