using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Reads what the native calls of the registry say; every fault is noted.</summary>
internal sealed partial class ModelRequests(HttpContext context)
{
    private const int PageSize = 100;
    private const int MaxPageSize = 1000;
    private const int BodyBytes = 256 * 1024;
    private const int LongestText = 20_000;
    private const int LongestReason = 2000;

    public List<Failure.Invalid> Faults { get; } = [];

    /// <summary>A part of the path, decoded whole.</summary>
    /// <param name="name">What the route calls it.</param>
    /// <param name="behind">How many segments of the route come after it.</param>
    public string Segment(string name, int behind) => RouteSegment.Decode(context, context.Request.RouteValues[name] as string ?? "", behind);

    public int Version(int behind) => NumberOf("version", Segment("version", behind));

    public ModelStage Stage(string text)
    {
        if (Enum.GetValues<ModelStage>().FirstOrDefault(stage => stage.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) is var stage && (stage is not ModelStage.None || text.Equals("none", StringComparison.OrdinalIgnoreCase)))
        {
            return stage;
        }
        Faults.Add(new Failure.Invalid("stage", $"A stage is one of {string.Join(", ", Enum.GetNames<ModelStage>())}."));
        return stage;
    }

    /// <summary>The moment to tell of; null: now.</summary>
    public DateTimeOffset? AsOf()
    {
        // A plus in a query is a space.
        var text = context.Request.Query["asOf"].ToString().Replace(' ', '+');
        if (text.Length == 0)
        {
            return null;
        }
        if (InstantPattern.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) && moment.ToUnixTimeMilliseconds() is >= 0 and <= 99_999_999_999_999)
        {
            return moment.ToUniversalTime();
        }
        Faults.Add(new Failure.Invalid("asOf", "An instant is expected as 2026-01-31T12:00:00Z, with its offset (RFC 3339), from 1970."));
        return null;
    }

    public int Size()
    {
        var text = context.Request.Query["pageSize"].ToString();
        if (text.Length == 0)
        {
            return PageSize;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxPageSize)
        {
            return size;
        }
        Faults.Add(new Failure.Invalid("pageSize", $"A whole number from 1 to {MaxPageSize} is expected."));
        return PageSize;
    }

    /// <summary>The model that was found, with its revision in <c>If-Match</c>; without one when any will do. What is no tag of this model is a revision that it never has.</summary>
    public ExpectedModel Expected(RegisteredModel found)
    {
        var given = context.Request.Headers.IfMatch;
        return new ExpectedModel(found.Number, given.Count == 0 || given.ToString() == "*" ? null
            : TagPattern.Match(given.ToString()) is { Success: true } tag && Part(tag, "number") == found.Number ? Part(tag, "rev") : -1);
    }

    /// <summary>The model's revision, and behind it what else is answered.</summary>
    public static EntityTagHeaderValue TagOf(RegisteredModel model, VersionDrift? drift = null) => new(string.Create(
        CultureInfo.InvariantCulture, $"\"{model.Number}.{model.Revision}{(drift is null ? "" : $"-{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(drift, ModelsJson.Relaxed.VersionDrift)).AsSpan(0, 8))}")}\""));

    /// <summary>The fields of the body; null, with the fault noted, when it is no object, or has fields that are none of these.</summary>
    public async Task<JsonElement?> BodyAsync(string[] known, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, ModelsJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk || body.Value.ValueKind is not JsonValueKind.Object || !JsonTexts.IsText(body.Value))
        {
            Faults.Add(body.Failure as Failure.Invalid ?? new Failure.Invalid("body", "A JSON object of texts in Unicode is expected."));
            return null;
        }
        foreach (var field in body.Value.EnumerateObject().Where(field => !known.Contains(field.Name)))
        {
            Faults.Add(new Failure.Invalid(field.Name.Length <= 100 ? field.Name : field.Name[..100], $"There is no such field; there are {string.Join(", ", known)}."));
        }
        return body.Value;
    }

    /// <summary>A text to set: null when absent, empty when it is to be removed.</summary>
    public string? Text(JsonElement body, string name, int longest = LongestText)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Null)
        {
            return "";
        }
        if (value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length <= longest)
        {
            return text;
        }
        Faults.Add(new Failure.Invalid(name, $"A text of up to {longest} characters is expected, or null."));
        return null;
    }

    public int VersionIn(JsonElement body)
    {
        if (body.TryGetProperty("version", out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0)
        {
            return number;
        }
        Faults.Add(new Failure.Invalid("version", "The number of a version is expected."));
        return 0;
    }

    public bool Flag(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.ValueKind is JsonValueKind.True;
        }
        Faults.Add(new Failure.Invalid(name, "true or false is expected."));
        return false;
    }

    /// <summary>On which terms to move: <c>expected</c> (a version, or null for nobody), <c>override</c> (a reason).</summary>
    public MoveTerms Terms(JsonElement body)
    {
        int? holder = null;
        if (body.TryGetProperty("expected", out var value))
        {
            holder = value.ValueKind is JsonValueKind.Null ? 0 : value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number : null;
            if (holder is null)
            {
                Faults.Add(new Failure.Invalid("expected", "The number of a version is expected, or null for nobody."));
            }
        }
        return new MoveTerms { Holder = holder, Override = Text(body, "override", LongestReason) is { Length: > 0 } reason ? reason : null };
    }

    private static long Part(Match tag, string name) => long.Parse(tag.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private int NumberOf(string field, string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }
        Faults.Add(new Failure.Invalid(field, "The number of a version is expected."));
        return 0;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+\-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InstantPattern { get; }

    [GeneratedRegex("^\"(?<number>[0-9]{1,18})\\.(?<rev>[0-9]{1,18})(-[0-9a-f]{1,64})?\"\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TagPattern { get; }
}
