using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Native;

internal static class ProblemAnswers
{
    /// <summary>The detail of a problem that must be of this status and type.</summary>
    public static string Problem(this Answer answer, int status, string type)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal($"urn:serverlessmeta:problem:{type}", answer.Json["type"]!.ToString());
        return answer.Json["detail"]!.ToString();
    }
}
