using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>What came back.</summary>
public sealed partial class Answer(HttpResponseMessage response, string text)
{
    public int Status { get; } = (int)response.StatusCode;

    public string Text => text;

    public HttpResponseHeaders Headers { get; } = response.Headers;

    public string? ContentType { get; } = response.Content.Headers.ContentType?.ToString();

    /// <summary>Storage operations that were made before the answer.</summary>
    public int Operations => Cost.Matches(Headers.GetValues("Server-Timing").Single()).Sum(static match => int.Parse(match.Groups["n"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));

    public JsonNode Json => JsonNode.Parse(text) ?? throw new InvalidOperationException("No JSON: " + text);

    public JsonNode Ok()
    {
        Assert.True(Status == 200, $"{Status} {text}");
        return Json;
    }

    public void Fails(int status, string code, string message)
    {
        Assert.Equal($"{status} {code} {message}", $"{Status} {Json["error_code"]} {Json["message"]}");
        Assert.Equal("application/json", ContentType);
    }

    /// <summary>A fault of the caller's that names what it is about.</summary>
    public void FailsNaming(int status, string code, string part)
    {
        Assert.Equal($"{status} {code}", $"{Status} {Json["error_code"]}");
        Assert.Contains(part, Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [GeneratedRegex("desc=\"(?<n>[0-9]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cost { get; }
}
