using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.App.Messages;

/// <summary>How an operation was answered.</summary>
/// <param name="Code">The error's code, in either dialect's envelope; else the status.</param>
/// <param name="Detail">The error's message, with every fault that the answer lists.</param>
internal sealed record OperationAnswer(int Status, string Code, string Detail)
{
    private const int MostFaults = 20;

    public bool IsApplied => Status is >= 200 and < 300;

    /// <summary>Whether trying again later may help: it was not the request's fault.</summary>
    public bool MayPass => Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests or StatusCodes.Status499ClientClosedRequest or >= 500;

    public static OperationAnswer Of(int status, ReadOnlySpan<byte> body)
    {
        var fallback = new OperationAnswer(status, FormattableString.Invariant($"HTTP_{status}"), FormattableString.Invariant($"The operation was answered {status}."));
        if (status is >= 200 and < 300 || body.IsEmpty)
        {
            return fallback;
        }
        try
        {
            var root = JsonElement.Parse(body);
            var code = Text(root, "error_code") ?? Text(root, "title") ?? fallback.Code;
            var detail = Text(root, "message") ?? Text(root, "detail") ?? fallback.Detail;
            return new OperationAnswer(status, code, root.TryGetProperty("errors"u8, out var errors) && errors.ValueKind is JsonValueKind.Array && errors.GetArrayLength() > 0
                ? string.Join(' ', errors.EnumerateArray().Take(MostFaults).Select(static error => $"{Text(error, "field")}: {Text(error, "detail")}"))
                : detail);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return fallback;
        }
    }

    private static string? Text(JsonElement element, string member) => element.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
