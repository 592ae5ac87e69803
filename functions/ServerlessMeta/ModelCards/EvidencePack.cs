using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Environments;
using ServerlessMeta.Reproduction;

namespace ServerlessMeta.ModelCards;

/// <summary>
/// One zip for a version with all that proves what is said of it. Nothing in it depends on when or by whom it is made: the same records make the same bytes.
/// <c>claims.json</c> lists every claim with the record that it rests on, or "missing"; <c>SHA256SUMS</c> has the digest of every other file.
/// </summary>
internal static class EvidencePack
{
    public static List<ZipEntry> Of(Dossier dossier, IEnumerable<(string Path, byte[] Bytes)> records)
    {
        var card = CardBuilder.Of(dossier);
        List<(string Path, byte[] Bytes)> files =
        [
            ("card.md", Encoding.UTF8.GetBytes(CardMarkdown.Write(card))),
            ("card.html", Encoding.UTF8.GetBytes(CardPage.Write(card))),
            ("card.json", CardJson.Write(card)),
            ("bom.cdx.json", BomDocument.Write(dossier)),
            ("lineage.json", LineageOf(dossier)),
            ("claims.json", ClaimsOf(card)),
            .. records,
        ];
        files.Add(("README.md", Encoding.UTF8.GetBytes(ReadmeOf(dossier, card, files))));
        files.Sort(static (one, other) => string.CompareOrdinal(one.Path, other.Path));
        var sums = string.Concat(files.Select(static file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Bytes))}  {file.Path}\n"));
        return [.. files.Append(("SHA256SUMS", Encoding.ASCII.GetBytes(sums))).Select(static file => ZipEntry.Of(file.Item1, file.Item2))];
    }

    private static byte[] ClaimsOf(Card card)
    {
        var json = new CanonicalJson(isForPeople: true);
        List<(string Part, Claim Claim)> claims = [];
        foreach (var part in card.Parts)
        {
            claims.AddRange(part.Claims.Select(claim => (part.Id, claim)));
            if (part.Written is { } written)
            {
                claims.Add((part.Id, new Claim("written text", written.Text, string.Create(CultureInfo.InvariantCulture, $"card:{written.Name}/{written.Revision}"))));
            }
            if (part.Table is { } table)
            {
                claims.AddRange(table.All.IsEmpty
                    ? [(part.Id, Claim.Missing(part.Title))]
                    : table.All.Select(row => (part.Id, new Claim(part.Title, string.Join("; ", table.Columns.Zip(row.Cells, static (column, cell) => $"{column}: {(cell.Length == 0 ? CardJson.Missing : cell)}")), row.Record))));
            }
        }
        json.List(null, claims, one => CardJson.Write(json, one.Claim, one.Part));
        return json.ToUtf8();
    }

    private static byte[] LineageOf(Dossier dossier)
    {
        List<(string Id, string Type)> nodes = [(dossier.VersionRecord, "model-version")];
        List<(string From, string To, string Kind)> edges = [];
        if (dossier.Run is { } run)
        {
            Add(run.Record, "run", run.Record, dossier.VersionRecord, "made");
            if (run.EnvironmentDigest is { } environment)
            {
                Add($"environment:{environment}", "environment", $"environment:{environment}", run.Record, "used");
            }
            if (run.Commit is { } commit)
            {
                Add($"commit:{commit}", "code", $"commit:{commit}", run.Record, "used");
            }
            foreach (var dataset in dossier.Datasets)
            {
                Add(dataset.Record, "dataset", dataset.Record, run.Record, "used");
            }
        }
        var json = new CanonicalJson(isForPeople: true);
        json.Object(null, () =>
        {
            json.List("nodes", nodes, node => json.Object(null, () => json.Text("id", node.Id).Text("type", node.Type)));
            json.List("edges", edges, edge => json.Object(null, () => json.Text("from", edge.From).Text("to", edge.To).Text("kind", edge.Kind)));
        });
        return json.ToUtf8();

        void Add(string id, string type, string from, string to, string kind)
        {
            if (!nodes.Contains((id, type)))
            {
                nodes.Add((id, type));
            }
            edges.Add((from, to, kind));
        }
    }

    private static string ReadmeOf(Dossier dossier, Card card, List<(string Path, byte[] Bytes)> files)
    {
        var text = new StringBuilder();
        var claims = card.Claims.Select(static one => one.Claim).ToList();
        text.Append(CultureInfo.InvariantCulture, $"# Evidence for {Shell.Inline(dossier.Model.Name)}, version {dossier.Version.Number}\n\n");
        text.Append("Made of the store's records, and of nothing else; the same records make the same archive, byte for byte.\n");
        text.Append(CultureInfo.InvariantCulture, $"{claims.Count(static claim => claim.Value is not null)} claims rest on a record, {claims.Count(static claim => claim.Value is null)} are missing: `claims.json` names each.\n\n");
        foreach (var (path, _) in files.OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"- `{path}`: {What(path)}\n");
        }
        text.Append("\nCheck the files with `sha256sum -c SHA256SUMS`, and the audit with the store's `verify-audit audit.jsonl`, which needs neither the store nor a network.\n");
        return text.ToString();
    }

    private static string What(string path) => path switch
    {
        "card.md" or "card.html" or "card.json" => "the model card",
        "bom.cdx.json" => "the bill of materials, CycloneDX 1.6",
        "lineage.json" => "what the version was made from",
        "claims.json" => "every claim with its record, or \"missing\"",
        "origin.json" => "the version's origin as it was at registration",
        "evaluations.json" => "every evaluation of the version",
        "approvals.json" => "every approval, rejection and withdrawal",
        "decisions.json" => "every guarded move to or from the version, with the conditions as they were",
        "policies.json" => "every policy that a decision was judged by",
        "policy.json" => "the model's policy",
        "audit.jsonl" => "the model's audit chain, as it was hashed",
        _ => "a record",
    };
}
