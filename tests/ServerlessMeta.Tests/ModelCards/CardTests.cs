using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.ModelCards;

namespace ServerlessMeta.Tests.ModelCards;

public sealed class CardTests
{
    [Fact]
    public void Every_claim_names_its_record_or_is_missing() => Assert.All(
        CardBuilder.Of(Dossiers.Full()).Claims.Concat(CardBuilder.Of(Dossiers.Bare()).Claims), static one => Assert.Equal(one.Claim.Value is null, one.Claim.Record is null));

    [Fact]
    public void Card_of_a_version_with_nothing_recorded_says_missing_of_run_data_limits_and_drift()
    {
        var missing = CardBuilder.Of(Dossiers.Bare()).Claims.Where(static one => one.Claim.Value is null).Select(static one => one.Claim.Name).ToList();

        Assert.Subset(missing.ToHashSet(StringComparer.Ordinal), new HashSet<string>(["purpose", "owner", "run", "limits", "ethical considerations", "drift", "audit"], StringComparer.Ordinal));
    }

    [Fact]
    public void Card_shows_metrics_by_slice_with_interval_and_record()
    {
        var markdown = CardMarkdown.Write(CardBuilder.Of(Dossiers.Full()));

        Assert.Contains("| holdout | whole | accuracy | 0.93 | 1000 | 0.91 to 0.95 | *missing* | 2026-03-01T12:00:00.000Z | abc123 | `evaluation:e1` |", markdown, StringComparison.Ordinal);
        Assert.Contains("| holdout | age \\> 60 | accuracy | 0.81 |", markdown, StringComparison.Ordinal);
        Assert.Contains("OVERRODE THE POLICY", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_passes_no_html_no_script_no_image_of_people_and_no_link_but_to_the_web()
    {
        var page = CardPage.Write(CardBuilder.Of(Dossiers.Full()));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("href=\"https://example.org\"", page, StringComparison.Ordinal);
        Assert.Contains("<strong>customers</strong>", page, StringComparison.Ordinal);
        Assert.Contains("depth | &lt;b&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_records_never_make_markup() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["|<>`*_[]()!#&\\\n\r~-=+0 ab:/\""], 0, 30]).Sample(text =>
    {
        var dossier = Dossiers.Bare() with { };
        var page = CardPage.Body(CardMarkdown.Write(CardBuilder.Of(dossier with { Version = dossier.Version with { Author = "x" + text, Source = text + "y" } })));
        var plain = CardPage.Body(CardMarkdown.Write(CardBuilder.Of(dossier with { Version = dossier.Version with { Author = "x", Source = "y" } })));
        return Tags(page) == Tags(plain);
    });

    [Fact]
    public void Json_has_every_part_and_says_missing()
    {
        using var json = JsonDocument.Parse(CardJson.Write(CardBuilder.Of(Dossiers.Full())));

        Assert.Equal("churn", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(13, json.RootElement.GetProperty("parts").GetArrayLength());
        Assert.Contains("\"value\": \"missing\"", Encoding.UTF8.GetString(CardJson.Write(CardBuilder.Of(Dossiers.Bare()))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_part_holds_from_its_version_on_until_the_next_text()
    {
        var at = Dossiers.At;
        CardSection[] all = [new("limits", 1, 2, "one", "ann", at), new("limits", 3, 5, "three", "ann", at), new("limits", 3, 6, "three again", "ann", at), new("limits", 5, 9, "", "ann", at)];

        string? In(int version) => CardSections.Holding(all, version).GetValueOrDefault("limits")?.Text;

        Assert.Equal(["one", "one", "three again", "three again", null], [In(1), In(2), In(3), In(4), In(5)]);
    }

    [Theory]
    [InlineData(">", 200)]
    [InlineData("- ", 300)]
    [InlineData("[", 16_000)]
    public void A_text_that_cannot_be_shown_stands_there_as_it_is(string piece, int count)
    {
        var text = string.Concat(Enumerable.Repeat(piece, count)) + " <b>\n````\nend";
        var dossier = Dossiers.Full();
        var page = CardPage.Write(CardBuilder.Of(dossier with
        {
            Sections = new Dictionary<string, CardSection>(dossier.Sections, StringComparer.Ordinal) { ["ethics"] = new("ethics", 3, 5, text, "ann", Dossiers.At) },
        }));

        Assert.False(CardPage.CanShow(text));
        Assert.Contains("&lt;b&gt;\n````\nend\n</code></pre>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>customers</strong>", page, StringComparison.Ordinal);
        Assert.True(CardPage.CanShow(new string('>', 5) + " fine"));
    }

    private static int Tags(string html) => html.Count(static c => c is '<');
}
