using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Reproduction;

namespace ServerlessMeta.ModelCards;

/// <summary>
/// <c>/api/v1/models/{name}/versions/{version}/card</c>, <c>/bom</c> and <c>/evidence</c>. A version is named by its number, <c>latest</c>, <c>version:3</c> or
/// <c>alias:production</c>; one that was deleted has its records still.
/// </summary>
internal static class ModelCardEndpoints
{
    private const string Root = "/api/v1/models/{name}/versions/{version}";
    private const int BodyBytes = 128 * 1024;
    private const string Problem = "application/problem+json";
    private static readonly string[] Formats = ["markdown", "html", "json"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var cards = routes.MapGroup("").WithTags("model cards");
        cards.MapGet(Root + "/card", CardAsync)
            .WithSummary("The model card of a version, made of the records: format=markdown, html or json; without it as the Accept header asks, else Markdown.")
            .Produces<string>(200, "text/markdown", "text/html", "application/json").ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        cards.MapGet(Root + "/card/sections", SectionsAsync)
            .WithSummary("The parts of the card that people wrote and that hold for the version.").Produces<CardSectionsView>().ProducesProblem(404, Problem);
        cards.MapPut(Root + "/card/sections/{section}", WriteAsync)
            .WithSummary($"Write a part of the card in Markdown, for this version and those after it: {{\"text\"}}, up to {CardSections.HighestCharacters} characters; an empty text takes it back. Parts: {string.Join(", ", CardSections.Names)}.")
            .Accepts<WriteSection>("application/json").Produces<CardSectionView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        cards.MapGet(Root + "/bom", BomAsync)
            .WithSummary("The bill of materials of a version: CycloneDX 1.6 in JSON. The same bytes for the same records.").Produces<string>(200, "application/vnd.cyclonedx+json").ProducesProblem(404, Problem);
        cards.MapGet(Root + "/evidence", EvidenceAsync)
            .WithSummary("A zip with all that proves what is said of a version: card, bill of materials, lineage, evaluations, approvals, audit. The same bytes for the same records.")
            .Produces<string>(200, "application/zip").ProducesProblem(404, Problem);
    }

    private static async Task<IResult> CardAsync(string name, string version, HttpContext context, DossierReader dossiers, ModelHistory models, CancellationToken ct, string? format = null)
    {
        if (format is not null && !Formats.Contains(format, StringComparer.Ordinal))
        {
            return Problems.From(new Failure.Invalid("format", $"One of {string.Join(", ", Formats)} is expected."));
        }
        var dossier = await ReadAsync(name, version, 1, context, dossiers, models, ct);
        if (!dossier.IsOk)
        {
            return Problems.From(dossier.Failure);
        }
        var card = CardBuilder.Of(dossier.Value);
        switch (format ?? Asked(context.Request.Headers.Accept.ToString()))
        {
            case "html":
                context.Response.Headers.ContentSecurityPolicy = CardPage.Policy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Text(CardPage.Write(card), "text/html; charset=utf-8");
            case "json":
                return TypedResults.Bytes(CardJson.Write(card), "application/json");
            default:
                return TypedResults.Text(CardMarkdown.Write(card), "text/markdown; charset=utf-8");
        }
    }

    private static async Task<IResult> SectionsAsync(string name, string version, HttpContext context, CardSectionStore sections, ModelHistory models, CancellationToken ct)
    {
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 4), version, null, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var holding = CardSections.Holding(await sections.ListAsync(found.Value.Model.Number, ct), found.Value.Version);
        return TypedResults.Json(new CardSectionsView([.. CardSections.Names.Where(holding.ContainsKey).Select(part => CardSectionView.From(holding[part]))]), ModelCardsJson.Default.CardSectionsView);
    }

    private static async Task<IResult> WriteAsync(string name, string version, string section, HttpContext context, CardSectionStore sections, ModelHistory models, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, ModelCardsJson.Default.WriteSection, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        List<Failure.Invalid> faults = [];
        if (!CardSections.Names.Contains(section, StringComparer.Ordinal))
        {
            faults.Add(new Failure.Invalid("section", $"One of {string.Join(", ", CardSections.Names)} is expected."));
        }
        if (body.Value.Text.Length > CardSections.HighestCharacters || Encoding.UTF8.GetByteCount(body.Value.Text) > CardSections.HighestBytes)
        {
            faults.Add(new Failure.Invalid("text", $"A part has up to {CardSections.HighestCharacters} characters, and {CardSections.HighestBytes} bytes as UTF-8."));
        }
        if (faults.Count == 0 && !CardPage.CanShow(body.Value.Text))
        {
            faults.Add(new Failure.Invalid("text", "Its Markdown is nested too deep to be shown."));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 5), version, null, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var written = await sections.WriteAsync(found.Value.Model.Name, found.Value.Version, section, body.Value.Text, ct);
        return written.IsOk ? TypedResults.Json(CardSectionView.From(written.Value), ModelCardsJson.Default.CardSectionView) : Problems.From(written.Failure);
    }

    private static async Task<IResult> BomAsync(string name, string version, HttpContext context, DossierReader dossiers, ModelHistory models, CancellationToken ct)
    {
        var dossier = await ReadAsync(name, version, 1, context, dossiers, models, ct);
        return dossier.IsOk ? TypedResults.Bytes(BomDocument.Write(dossier.Value), "application/vnd.cyclonedx+json; version=1.6") : Problems.From(dossier.Failure);
    }

    private static async Task<IResult> EvidenceAsync(string name, string version, HttpContext context, DossierReader dossiers, ModelHistory models, CancellationToken ct)
    {
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 3), version, null, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var evidence = await dossiers.ReadEvidenceAsync(found.Value.Model, found.Value.Version, ct);
        return evidence.IsOk
            ? new Archive(string.Create(CultureInfo.InvariantCulture, $"model-{found.Value.Model.Number}-version-{found.Value.Version}.zip"), evidence.Value)
            : Problems.From(evidence.Failure);
    }

    private static async Task<Result<Dossier>> ReadAsync(string name, string version, int behind, HttpContext context, DossierReader dossiers, ModelHistory models, CancellationToken ct)
    {
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, behind + 2), version, null, ct);
        return found.IsOk ? await dossiers.ReadAsync(found.Value.Model, found.Value.Version, ct) : found.Failure;
    }

    // The first of those that we have; quality values are not weighed.
    private static string Asked(string accept) => accept.Split(',').Select(static one => one.Split(';')[0].Trim().ToLowerInvariant()).Select(static type => type switch
    {
        "text/html" => "html",
        "application/json" => "json",
        "text/markdown" => "markdown",
        _ => null,
    }).FirstOrDefault(static format => format is not null) ?? "markdown";
}
