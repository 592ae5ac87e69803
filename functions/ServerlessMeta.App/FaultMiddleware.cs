using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App;

/// <summary>Outages of storage answer 503 with Retry-After, bugs 500; both are logged once, neither leaks detail. A client that went away is no error.</summary>
internal sealed partial class FaultMiddleware(RequestDelegate next, ILogger<FaultMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, refused.StatusCode, "BAD_REQUEST", refused.Message);
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage) && !context.Response.HasStarted)
        {
            LogOutage(outage, context.Request.Method, context.Request.Path);
            context.Response.Headers.RetryAfter = "2";
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "TEMPORARILY_UNAVAILABLE", "Storage did not answer; try again.");
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            LogBug(bug, context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "Internal error.");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string code, string message)
    {
        // What was said of the answer that failed is not true of this one: it is no file, and no tag is its own.
        var headers = context.Response.Headers;
        (headers.ContentDisposition, headers.ETag, headers.LastModified, headers.ContentLength) = (default, default, default, null);
        return Answers.WriteAsync(context, status, code, message);
    }

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Storage failed {Method} {Path}.")]
    private partial void LogOutage(Exception outage, string method, string path);

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogBug(Exception bug, string method, string path);
}
