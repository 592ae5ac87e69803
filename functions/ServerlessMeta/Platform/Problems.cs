using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Platform;

/// <summary>
/// Errors of the native API as RFC 9457 problem details: <c>{"type":"urn:serverlessmeta:problem:not-found","title","status","detail","errors":[{"field","detail"}]}</c>;
/// <c>errors</c> lists every fault of a request.
/// </summary>
public static class Problems
{
    private const string TypePrefix = "urn:serverlessmeta:problem:";

    public static IResult From(Failure failure) => new Problem(failure, [failure]);

    /// <summary>Every fault of one request at once.</summary>
    public static IResult From(IReadOnlyList<Failure.Invalid> faults) => new Problem(faults[0], faults);

    /// <summary>The type's last part and the status of a failure.</summary>
    internal static (string Type, int Status) Of(Failure failure) => failure switch
    {
        Failure.NotFound => ("not-found", StatusCodes.Status404NotFound),
        Failure.AlreadyExists => ("already-exists", StatusCodes.Status409Conflict),
        Failure.Conflict => ("conflict", StatusCodes.Status412PreconditionFailed),
        Failure.Clash => ("clash", StatusCodes.Status409Conflict),
        Failure.Invalid => ("invalid", StatusCodes.Status400BadRequest),
        Failure.WrongStage => ("wrong-stage", StatusCodes.Status409Conflict),
        Failure.ParamsChanged => ("params-changed", StatusCodes.Status409Conflict),
        Failure.Forbidden => ("forbidden", StatusCodes.Status403Forbidden),
        Failure.Unmet => ("unmet-conditions", StatusCodes.Status409Conflict),
        Failure.Busy => ("busy", StatusCodes.Status429TooManyRequests),
        Failure.Corrupt => ("corrupt", StatusCodes.Status500InternalServerError),
        _ => throw new InvalidOperationException($"{failure.GetType().Name} has no translation."),
    };

    public static Task WriteAsync(HttpContext context, int status, string type, string detail) => WriteAsync(context, status, type, detail, []);

    private static async Task WriteAsync(HttpContext context, int status, string type, string detail, IEnumerable<Failure.Invalid> faults)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", TypePrefix + type);
        json.WriteString("title", type.ToUpperInvariant().Replace('-', '_'));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        var listed = false;
        foreach (var fault in faults)
        {
            if (!listed)
            {
                json.WriteStartArray("errors");
                listed = true;
            }
            json.WriteStartObject();
            json.WriteString("field", fault.Field);
            json.WriteString("detail", fault.Detail);
            json.WriteEndObject();
        }
        if (listed)
        {
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private sealed class Problem(Failure failure, IReadOnlyList<Failure> faults) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var (type, status) = Of(failure);
            if (failure is Failure.Busy busy)
            {
                httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(busy.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }
            return WriteAsync(httpContext, status, type, failure.Detail, failure is Failure.Unmet unmet
                ? unmet.Conditions.Select(static condition => new Failure.Invalid("conditions", condition))
                : faults.OfType<Failure.Invalid>());
        }
    }
}
