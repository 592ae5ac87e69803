using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Benchmarks.Raw;

/// <summary>A request that an instance of the store sent to Azurite.</summary>
internal sealed partial record RecordedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public bool IsBatch => Target.EndsWith("/$batch", StringComparison.Ordinal);

    /// <summary>A transaction whose steps ask for no ETag, as one that is sent again and again must be.</summary>
    public RecordedRequest Unguarded()
    {
        var body = Encoding.UTF8.GetBytes(Guard.Replace(Encoding.UTF8.GetString(Body), "If-Match: *"));
        return this with
        {
            Body = body,
            Headers = [.. Headers.Select(header => header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? (header.Name, body.Length.ToString(CultureInfo.InvariantCulture)) : header)],
        };
    }

    [GeneratedRegex(@"If-Match: W/[^\r\n]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Guard { get; }
}
