using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Tests.Ui;

public sealed class CodeHostTests
{
    private const string One = "3f9a1b2c4d5e6f708192a3b4c5d6e7f8091203ab";
    private const string Other = "aaaa1b2c4d5e6f708192a3b4c5d6e7f8091203ab";

    [Theory]
    [InlineData("https://github.com/acme/digits.git", $"https://github.com/acme/digits/commit/{One}")]
    [InlineData("git@github.com:acme/digits.git", $"https://github.com/acme/digits/commit/{One}")]
    [InlineData("ssh://git@GitHub.com/acme/digits", $"https://github.com/acme/digits/commit/{One}")]
    [InlineData("https://gitlab.com/a/group/digits/", $"https://gitlab.com/a/group/digits/-/commit/{One}")]
    [InlineData("git@gitlab.example.org:team/digits.git", $"https://gitlab.example.org/team/digits/-/commit/{One}")]
    [InlineData("https://bitbucket.org/acme/digits", $"https://bitbucket.org/acme/digits/commits/{One}")]
    [InlineData("https://dev.azure.com/acme/project/_git/digits", $"https://dev.azure.com/acme/project/_git/digits/commit/{One}")]
    [InlineData("https://codeberg.org/acme/digits", $"https://codeberg.org/acme/digits/commit/{One}")]
    public void Commit_is_found_at_hosts_that_are_known(string repository, string expected) => Assert.Equal(expected, CodeHost.CommitAt(repository, One));

    [Theory]
    [InlineData("https://example.org/acme/digits", One)]
    [InlineData("/home/me/digits", One)]
    [InlineData("javascript://github.com/%0aalert(1)", One)]
    [InlineData("https://github.com/acme/digits\" onclick=\"x", One)]
    [InlineData("https://github.com.example.org/acme/digits", One)]
    [InlineData("https://github.com/acme/digits", "main")]
    [InlineData("https://github.com/acme/digits", "../../x")]
    [InlineData("https://github.com/acme/digits", null)]
    [InlineData(null, One)]
    public void Nothing_else_becomes_an_address(string? repository, string? commit) => Assert.Null(CodeHost.CommitAt(repository, commit));

    [Fact]
    public void Difference_is_asked_for_from_the_first_to_the_second()
    {
        Assert.Equal($"https://github.com/a/b/compare/{One}...{Other}", CodeHost.DifferenceAt("https://github.com/a/b", One, Other));
        Assert.Equal($"https://gitlab.com/a/b/-/compare/{One}...{Other}", CodeHost.DifferenceAt("https://gitlab.com/a/b", One, Other));
        Assert.Null(CodeHost.DifferenceAt("https://github.com/a/b", One, One));
    }
}
