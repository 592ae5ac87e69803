using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.ArtifactVersions;

/// <summary>Every field of a registration, and every part of a path and a query, with everything that could go wrong in it.</summary>
public sealed class HostileArtifactTests(FunctionsHost host) : IClassFixture<FunctionsHost>
{
    private const string Root = "/api/v1/artifacts";

    private static readonly string[] Values =
    [
        Quoted(new string('x', 1_000_000)), Quoted(new string('x', 100_000)), Quoted("\u0000\u0001\u001f\u007f"), "\"\\ud800\"", "\"\\udc00\\ud800\"", Quoted("../../x"), Quoted("' or 1=1 --"), Quoted("%00%2e%2e"), Quoted("\\/#?%"),
        Quoted("\uffff\ufffe"), Quoted("𝔘𝔫𝔦"), "NaN", "\"NaN\"", "1e400", "-1e400", "1e99999999999", "9223372036854775807", "9223372036854775808", "0.5", "true", "null", "[]", "{}", "[[[[{}]]]]", "[null]", "\"\"", "-1",
        new string('[', 40) + new string(']', 40), """{"\ud800":1}""", """{"a":"\udfff"}""", "[" + string.Join(',', Enumerable.Repeat("\"x\"", 50_000)) + "]", """[{"name":"a","type":1e99999999999}]""",
    ];

    [Theory]
    [InlineData("name")]
    [InlineData("type")]
    [InlineData("uri")]
    [InlineData("md5")]
    [InlineData("sha256")]
    [InlineData("digest")]
    [InlineData("size")]
    [InlineData("schema")]
    [InlineData("metadata")]
    [InlineData("producedBy")]
    [InlineData("description")]
    [InlineData("unknown")]
    public async Task No_field_of_a_registration_breaks_the_store(string field)
    {
        foreach (var value in Values)
        {
            var body = new JsonObject { ["name"] = "hostile" + field, ["type"] = "dataset", ["uri"] = "s3://b", ["digest"] = Guid.CreateVersion7().ToString(), [field] = "<here>" };

            var answer = await host.Api.PostJsonAsync(Root, body.ToJsonString().Replace("\"\\u003Chere\\u003E\"", value, StringComparison.Ordinal));

            Check(answer, $"{field} {Short(value)}");
        }
        // What was taken can be read, listed and compared.
        foreach (var version in (await host.Api.GetAsync($"{Root}/hostile{field}/versions", ("pageSize", "1000"))).Json["versions"]?.AsArray() ?? [])
        {
            Assert.Equal(200, (await host.Api.GetAsync($"{Root}/hostile{field}/versions/{version!["version"]}")).Status);
            Assert.Equal(200, (await host.Api.GetAsync($"{Root}/hostile{field}/compare", ("from", "1"), ("to", version["version"]!.ToString()))).Status);
        }
        Assert.Equal(200, (await host.Api.GetAsync(Root, ("pageSize", "1000"))).Status);
    }

    [Fact]
    public async Task No_part_of_a_path_or_a_query_breaks_the_store()
    {
        foreach (var text in (string[])["%00", "%ED%A0%80", "%FF", "..", "%2e%2e", "%2F", "%252F", "'", "%27", "%25", "%", "%zz", "9223372036854775808", "-1", "NaN", new string('x', 6_000), "%E6%95%B0", "md5:", "a%2F..%2Fb", "%5C", "a;b", "+"])
        {
            foreach (var path in (string[])[$"{Root}/{text}", $"{Root}/{text}/versions", $"{Root}/{text}/versions/1", $"{Root}/a/versions/{text}", $"{Root}/a/versions/{text}/runs", $"{Root}/{text}/compare?from=1&to=2", $"{Root}/a/compare?from={text}&to={text}",
                $"{Root}?type={text}", $"{Root}?prefix={text}", $"{Root}?pageSize={text}", $"{Root}?pageToken={text}", $"{Root}/a/versions?pageToken={text}&pageSize={text}", $"/api/v1/runs/{text}/artifacts", $"/api/v1/runs/{text}/artifacts?pageSize={text}"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                Check(await host.Api.SendAsync(request), path);
            }
        }
    }

    private static void Check(Answer answer, string what)
    {
        Assert.True(answer.Status is 200 or 201 or 400 or 404 or 409 or 414 or 431, $"{what}: {answer.Status} {Short(answer.Text)}");
        if (answer.Status is 400 or 404 or 409 && answer.Text.Length > 0)
        {
            Assert.Equal("application/problem+json", answer.ContentType);
            Assert.True(answer.Text.Length < 10_000, $"{what}: an error of {answer.Text.Length} characters");
            Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        }
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Short(string text) => text.Length <= 80 ? text : new StringBuilder(text, 0, 80, 90).Append("...").ToString();
}
