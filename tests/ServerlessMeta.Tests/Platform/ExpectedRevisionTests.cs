using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Platform;

public sealed class ExpectedRevisionTests
{
    [Theory]
    [InlineData(null, null, true, null)]
    [InlineData("*", null, true, null)]
    [InlineData("\"3\"", null, true, 3)]
    [InlineData(null, "*", true, 0)]
    [InlineData("\"3\"", "*", true, 0)]
    [InlineData("\"2147483647\"", null, true, int.MaxValue)]
    [InlineData("\"2147483648\"", null, false, null)]
    [InlineData("\"0\"", null, false, null)]
    [InlineData("\"-1\"", null, false, null)]
    [InlineData("\"\"", null, false, null)]
    [InlineData("\"x\"", null, false, null)]
    [InlineData("3", null, false, null)]
    [InlineData("\"3\", \"4\"", null, false, null)]
    public void A_write_says_over_which_revision_it_is(string? match, string? noneMatch, bool isRead, int? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.IfMatch = match;
        request.Headers.IfNoneMatch = noneMatch;

        Assert.Equal((isRead, expected), (ExpectedRevision.TryRead<int>(request, out var revision), revision));
    }
}
