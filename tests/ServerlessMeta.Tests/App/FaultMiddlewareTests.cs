using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessMeta.App;

namespace ServerlessMeta.Tests.App;

public sealed class FaultMiddlewareTests
{
    public static TheoryData<Exception, int> Faults => new()
    {
        { new RequestFailedException(0, "The connection was cut."), 503 },
        { new BadHttpRequestException("The body is too long.", 413), 413 },
        { new InvalidOperationException("A bug."), 500 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_fails_before_the_first_byte_is_answered_as_a_problem_that_is_no_file(Exception fault, int status)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Path = "/api/v1/experiments/7/export" }, Response = { Body = body } };

        await new FaultMiddleware(FailAsync, NullLogger<FaultMiddleware>.Instance).InvokeAsync(context);
        await context.Response.CompleteAsync();

        Assert.Equal((status, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal(("", "", ""), (context.Response.Headers.ContentDisposition.ToString(), context.Response.Headers.ETag.ToString(), context.Response.Headers.LastModified.ToString()));
        Assert.Equal(status == 503 ? "2" : "", context.Response.Headers.RetryAfter.ToString());
        Assert.NotEqual(0, body.Length);

        Task FailAsync(HttpContext failing)
        {
            var headers = failing.Response.Headers;
            (headers.ContentType, headers.ContentDisposition) = ("application/vnd.apache.parquet", "attachment; filename=\"experiment-7.parquet\"");
            (headers.ETag, headers.LastModified, headers.ContentLength) = ("\"3\"", "Thu, 01 Jan 2026 00:00:00 GMT", 1_000_000);
            return Task.FromException(fault);
        }
    }
}
