using ServerlessMeta.ArtifactVersions;

namespace ServerlessMeta.Tests.ArtifactVersions;

public sealed class LocationSecretTests
{
    [Theory]
    [InlineData("https://token@host/data", "https://host/data")]
    [InlineData("https://user:pass@host/data?x=1", "https://host/data?x=1")]
    [InlineData("git+https://ghp_abc@github.com/a/b", "git+https://github.com/a/b")]
    [InlineData("HTTP://p@ss@host", "HTTP://host")]
    [InlineData("postgresql://user:p@ss@host:5432/db", "postgresql://host:5432/db")]
    [InlineData("https://a.blob.core.windows.net/c/b?sv=1&se=2&sig=abc%3D", "https://a.blob.core.windows.net/c/b")]
    [InlineData("https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Expires=1&Signature=abc", "https://b.s3.amazonaws.com/k")]
    [InlineData("https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=abc", "https://b.s3.amazonaws.com/k")]
    [InlineData("https://storage.googleapis.com/b/o?X-Goog-Signature=abc", "https://storage.googleapis.com/b/o")]
    [InlineData("https://user:pass@host/x?sig=1", "https://host/x")]
    public void Passwords_tokens_and_signatures_are_dropped(string location, string bare)
    {
        Assert.True(LocationSecrets.IsIn(location));
        Assert.Equal(bare, LocationSecrets.Drop(location));
        Assert.False(LocationSecrets.IsIn(bare));
    }

    [Theory]
    [InlineData("abfss://container@account.dfs.core.windows.net/path")]
    [InlineData("wasbs://container@account.blob.core.windows.net/path")]
    [InlineData("s3://bucket/mail@example.com")]
    [InlineData("https://host/a@b:c?user=me@x.org")]
    [InlineData("https://host/signature=1?versionId=3&design=2")]
    [InlineData("ssh://git@github.com/a/b")]
    [InlineData("/data/a:b@c")]
    public void Anything_else_stays(string location)
    {
        Assert.False(LocationSecrets.IsIn(location));
        Assert.Equal(location, LocationSecrets.Drop(location));
    }
}
