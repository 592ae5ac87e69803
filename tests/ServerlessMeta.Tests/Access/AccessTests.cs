using System.Collections.Immutable;
using CsCheck;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Access;
using ServerlessMeta.App;
using ServerlessMeta.Platform;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Access;

public sealed class AccessTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("Ada@Example.ORG", "ada@example.org")]
    [InlineData("live.com#ada@outlook.com", "live.com#ada@outlook.com")]
    [InlineData("ci-7", "ci-7")]
    [InlineData("", null)]
    [InlineData("ada ", null)]
    [InlineData("ada\n", null)]
    [InlineData("-ada", null)]
    [InlineData("ada.", null)]
    [InlineData("ada lovelace", null)]
    [InlineData("\u212aim", null)]
    [InlineData("\u0430da", null)]
    [InlineData("ada\u0000", null)]
    [InlineData("a/b", null)]
    [InlineData("a|b", null)]
    public void A_name_is_plain_and_in_lower_case(string text, string? name) => Assert.Equal(name, CallerName.Read(text));

    [Fact]
    public void A_name_has_up_to_100_characters()
    {
        Assert.Equal(new string('a', 100), CallerName.Read(new string('a', 100)));
        Assert.Null(CallerName.Read(new string('a', 101)));
    }

    [Fact]
    public void Whatever_is_read_as_a_name_reads_as_itself() => Gen.String.Sample(static text => CallerName.Read(text) is not { } name || CallerName.Read(name) == name);

    [Fact]
    public void A_token_names_its_id_and_ids_of_later_times_come_first() => Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.Long[0, 4_000_000_000_000]).Where(static (one, other) => one != other).Sample(static (one, other) =>
    {
        var (first, second) = (TokenText.New(DateTimeOffset.FromUnixTimeMilliseconds(one)), TokenText.New(DateTimeOffset.FromUnixTimeMilliseconds(other)));
        return TokenText.IsId(TokenText.IdOf(first)!) && first.Length == 68 && (string.CompareOrdinal(TokenText.IdOf(first), TokenText.IdOf(second)) < 0) == (one > other);
    });

    [Theory]
    [InlineData("")]
    [InlineData("smt_")]
    [InlineData("smt_0123456789abcdef01234567")]
    [InlineData("smt_0123456789ABCDEF01234567aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("smt_0123456789abcdef01234567aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'")]
    [InlineData("smt_0123456789abcdef01234567aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("SMT_0123456789abcdef01234567aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Other_texts_have_no_id(string text) => Assert.Null(TokenText.IdOf(text));

    [Fact]
    public void A_row_round_trips_any_token() =>
        Gen.Select(Gen.String.Where(static name => !name.Any(char.IsSurrogate)), Gen.Enum<Role>(), Gen.Long[0, 4_000_000_000_000], Gen.Bool, Gen.Byte.Array[32]).Sample(static (name, role, at, whole, hash) =>
        {
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(at);
            var token = new ApiToken
            {
                Id = TokenText.IdOf(TokenText.New(instant))!, Name = name, Role = role, CreatedAt = instant, CreatedBy = name, Hash = [.. hash],
                Label = whole ? name : null, ExpiresAt = whole ? instant : null, RevokedAt = whole ? instant : null, RevokedBy = whole ? name : null,
            };
            var row = TokenRow.From(token);
            TableLimits.Weigh(row);
            var back = TokenRow.To(row);
            return back.Hash.SequenceEqual(token.Hash) && back with { Hash = token.Hash } == token;
        });

    [Fact]
    public void A_row_of_another_version_is_not_guessed_at()
    {
        var row = TokenRow.From(new ApiToken { Id = "0", Name = "ada", Role = Role.Reader, CreatedAt = DateTimeOffset.UnixEpoch, CreatedBy = "root", Hash = [] });
        row["v"] = 2;

        Assert.Throws<InvalidDataException>(() => TokenRow.To(row));
    }

    [Theory]
    [InlineData("GET", null, Role.Reader)]
    [InlineData("HEAD", null, Role.Reader)]
    [InlineData("POST", null, Role.Writer)]
    [InlineData("PUT", null, Role.Writer)]
    [InlineData("PATCH", null, Role.Writer)]
    [InlineData("DELETE", null, Role.Writer)]
    [InlineData("QUERY", null, Role.Writer)]
    [InlineData("GET", Role.Admin, Role.Admin)]
    [InlineData("POST", Role.Reader, Role.Reader)]
    public void The_method_decides_where_an_endpoint_does_not(string method, Role? own, Role needed) =>
        Assert.Equal(needed, RequiredRole.Of(new Endpoint(null, new EndpointMetadataCollection(own is { } role ? [new RequiredRole(role)] : []), null), method));

    [Fact]
    public void An_endpoints_own_word_counts_more_than_its_groups() =>
        Assert.Equal(Role.Approver, RequiredRole.Of(new Endpoint(null, new EndpointMetadataCollection(new RequiredRole(Role.Admin), new RequiredRole(Role.Approver)), null), "POST"));

    [Fact]
    public void Each_role_includes_those_before_it()
    {
        Assert.Equal([Role.Reader, Role.Writer, Role.Approver, Role.Admin], Enum.GetValues<Role>().Order());
        Assert.Equal(["reader", "writer", "approver", "admin"], Roles.Words);
        Assert.All(Enum.GetValues<Role>(), static role => Assert.Equal(role, Roles.Find(Roles.WordOf(role).ToUpperInvariant())));
        Assert.Null(Roles.Find("0"));
    }

    [Fact]
    public void Any_authorization_is_read_without_a_fault() => Gen.Select(Gen.Int[0, 4].Select(static number => new[] { "", "Bearer ", "Basic ", "basic ", "Digest " }[number]), Gen.String).Sample(static (scheme, rest) => Credentials.Of(scheme + rest).GetHashCode() is var _);

    [Fact]
    public async Task Who_acts_is_known_in_the_flow_and_not_beside_it()
    {
        var ada = new Caller("ada", Role.Reader, "local");
        using (ada.Act())
        {
            await Task.Yield();
            Assert.Equal(ada, Caller.Current);
            using (Caller.Store.Act())
            {
                Assert.Equal(Caller.Store, Caller.Current);
            }
            Assert.Equal(ada, Caller.Current);
        }
        Assert.Equal(Caller.Store, Caller.Current);
    }

    [Fact]
    public void The_architecture_draws_the_keys()
    {
        var drawing = Repository.Read("functions/ServerlessMeta/Access/TokenKeys.cs").Split('\n')
            .SkipWhile(static line => !line.Contains("<code>", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.Contains("</code>", StringComparison.Ordinal)).Select(static line => line.Trim()[4..]).ToImmutableArray();

        Assert.Single(drawing);
        Assert.Contains(drawing[0], Repository.Read("functions/ARCHITECTURE.md"), StringComparison.Ordinal);
    }
}
