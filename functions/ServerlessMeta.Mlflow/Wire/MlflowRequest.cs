using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>
/// A request as MLflow's protocol has it: fields of the body (snake_case or camelCase) or of the query string. The first fault found stays in
/// <see cref="Fault"/>; a handler looks there before it acts.
/// </summary>
internal sealed class MlflowRequest : IDisposable
{
    /// <summary>The protocol's limit on log-batch.</summary>
    public const int MaxBatchBytes = 1_000_000;

    private const int MaxDepth = 64;
    private readonly byte[]? buffer;
    private readonly JsonDocument? document;

    private MlflowRequest(HttpContext context, byte[]? buffer, JsonDocument? document, JsonFields fields, MlflowError? fault) =>
        (Context, this.buffer, this.document, Body, Fault) = (context, buffer, document, fields, fault);

    public HttpContext Context { get; }

    public CancellationToken Aborted => Context.RequestAborted;

    public JsonFields Body { get; }

    public MlflowError? Fault { get; private set; }

    [MemberNotNullWhen(true, nameof(Fault))]
    public bool IsFaulty => Fault is not null;

    private bool HasBody => HasBodyIn(Context.Request);

    public static MlflowRequest Unread(HttpContext context) => new(context, null, null, default, null);

    public static async Task<MlflowRequest> ReadAsync(HttpContext context, int maxBytes)
    {
        if (!HasBodyIn(context.Request))
        {
            return new MlflowRequest(context, null, null, default, null);
        }
        if (!IsJson(context.Request))
        {
            return new MlflowRequest(context, null, null, default, MlflowError.Invalid("Bad Request. Content-Type must be one of ['application/json']."));
        }
        var (rented, length) = await ReadBodyAsync(context.Request, maxBytes);
        if (length > maxBytes)
        {
            return new MlflowRequest(context, rented, null, default, MlflowError.Invalid(
                $"{(maxBytes == MaxBatchBytes ? "Batched logging API requests" : "Requests")} must be at most {maxBytes} bytes, got a request of size {length}."));
        }
        var body = rented.AsMemory(0, (int)length);
        var parsed = Parse(body);
        var fault = parsed is not null && !JsonTexts.IsText(parsed.RootElement, body.Span)
            ? MlflowError.Invalid("Invalid value in the request body: a lone surrogate is no text.")
            : null;
        return new MlflowRequest(context, rented, parsed, parsed is null ? default : new JsonFields(parsed.RootElement), fault);
    }

    public T Service<T>()
        where T : notnull => Context.RequestServices.GetRequiredService<T>();

    public void Refuse(MlflowError fault) => Fault ??= fault;

    /// <summary>A part of the path. A slash in it may have come escaped.</summary>
    public string Path(string name) => (Context.Request.RouteValues[name] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A text; null when absent.</summary>
    public string? Text(string name) => HasBody ? Body.Text(name, name, this) : Context.Request.Query[name] is { Count: > 0 } values ? values[0] : null;

    /// <summary>A text that must be there and not empty.</summary>
    public string Required(string name)
    {
        var text = Text(name);
        if (string.IsNullOrEmpty(text))
        {
            Refuse(MlflowError.Missing(name));
        }
        return text ?? "";
    }

    public long? Int(string name)
    {
        if (HasBody)
        {
            return Body.Int(name, name, this);
        }
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (Numbers.TryInt(text, out var value))
        {
            return value;
        }
        Refuse(Invalid(JsonSerializer.Serialize(text, MlflowJson.Default.String), name));
        return null;
    }

    /// <summary>A page size; <paramref name="standard"/> when absent.</summary>
    public int Size(string name, int standard, int highest)
    {
        var size = Int(name) ?? standard;
        if (size < 1 || size > highest)
        {
            Refuse(Invalid(size.ToString(System.Globalization.CultureInfo.InvariantCulture), name, $"It must be at least 1 and at most {highest}."));
        }
        return (int)Math.Clamp(size, 1, highest);
    }

    public IReadOnlyList<string> Texts(string name) => HasBody
        ? Body.Texts(name, this)
        : [.. Context.Request.Query[name].Concat(Context.Request.Query[name + "[]"]).OfType<string>()];

    public static MlflowError Invalid(string raw, string path, string? reason = null)
    {
        var shown = raw.Length <= 200 ? raw : string.Concat(raw.AsSpan(0, 200), "...");
        return MlflowError.Invalid($"Invalid value {shown} for parameter '{path}' supplied{(reason is null ? "." : ": " + reason)}");
    }

    public Task AnswerAsync(MlflowError fault)
    {
        Context.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } wait)
        {
            Context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        return AnswerAsync(fault, static (json, fault) =>
        {
            json.WriteString("error_code"u8, fault.Code);
            json.WriteString("message"u8, fault.Message);
        });
    }

    /// <summary>Answers an empty object when nothing failed.</summary>
    public Task AnswerAsync(Failure? failure) => failure is null ? AnswerAsync(0, static (_, _) => { }) : AnswerAsync(MlflowError.From(failure));

    /// <summary>Answers a JSON object whose members <paramref name="members"/> writes.</summary>
    public async Task AnswerAsync<T>(T state, Action<MlflowWriter, T> members)
    {
        Context.Response.ContentType = "application/json";
        await using var json = new MlflowWriter(Context.Response.BodyWriter);
        json.WriteStartObject();
        members(json, state);
        json.WriteEndObject();
    }

    /// <summary>Answers a JSON object whose members need waiting for.</summary>
    public async Task AnswerAsync(Func<MlflowWriter, Task> members)
    {
        Context.Response.ContentType = "application/json";
        await using var json = new MlflowWriter(Context.Response.BodyWriter);
        json.WriteStartObject();
        await members(json);
        json.WriteEndObject();
    }

    public void Dispose()
    {
        document?.Dispose();
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // DELETE has a body or none.
    private static bool HasBodyIn(HttpRequest request) => !HttpMethods.IsGet(request.Method) && (!HttpMethods.IsDelete(request.Method) || IsJson(request));

    private static bool IsJson(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    // What is no JSON object, or no UTF-8, counts as empty, so the answer names what is missing.
    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return null;
        }
        try
        {
            var parsed = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (parsed.RootElement.ValueKind is JsonValueKind.Object)
            {
                return parsed;
            }
            parsed.Dispose();
        }
        catch (JsonException)
        {
            // Empty.
        }
        return null;
    }

    // Reads on past the limit only to say how large the body is, without keeping it.
    private static async Task<(byte[] Buffer, long Length)> ReadBodyAsync(HttpRequest request, int maxBytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 16 * 1024, 1024, maxBytes + 1));
        long length = 0;
        while (true)
        {
            if (length == rented.Length && length <= maxBytes)
            {
                var larger = ArrayPool<byte>.Shared.Rent(rented.Length * 2);
                rented.AsSpan().CopyTo(larger);
                ArrayPool<byte>.Shared.Return(rented);
                rented = larger;
            }
            var into = length <= maxBytes ? rented.AsMemory((int)length) : rented.AsMemory(0, Math.Min(rented.Length, 64 * 1024));
            var read = await request.Body.ReadAsync(into, request.HttpContext.RequestAborted);
            if (read == 0)
            {
                return (rented, length);
            }
            length += read;
        }
    }
}
