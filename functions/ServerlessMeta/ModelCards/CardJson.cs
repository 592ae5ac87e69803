using ServerlessMeta.Environments;

namespace ServerlessMeta.ModelCards;

/// <summary>
/// A card as JSON: <c>{"model","version","parts":[{"id","title","written"?:{"text","author","at","version","revision"},"claims":[{"name","value","record"}],"table"?:{"columns","rows":[{"cells","record"}],"more"?}}]}</c>;
/// a claim without value and record has the value "missing".
/// </summary>
internal static class CardJson
{
    public const string Missing = "missing";

    public static byte[] Write(Card card)
    {
        var json = new CanonicalJson(isForPeople: true);
        json.Object(null, () => json.Text("model", card.Model).Number("version", card.Version).List("parts", card.Parts, part => Write(json, part)));
        return json.ToUtf8();
    }

    private static void Write(CanonicalJson json, CardPart part) => json.Object(null, () =>
    {
        json.Text("id", part.Id).Text("title", part.Title);
        if (part.Written is { } written)
        {
            json.Object("written", () => json.Text("text", written.Text).Text("author", written.Author).Text("at", Moments.Text(written.At)).Number("version", written.Version).Number("revision", written.Revision));
        }
        json.List("claims", part.Claims, claim => Write(json, claim));
        if (part.Table is { } table)
        {
            json.Object("table", () =>
            {
                json.List("columns", table.Columns, column => json.Text(null, column));
                json.List("rows", table.Rows, row => json.Object(null, () => json.List("cells", row.Cells, cell => json.Text(null, cell)).Text("record", row.Record)));
                if (table.More > 0)
                {
                    json.Number("more", table.More);
                }
            });
        }
    });

    public static void Write(CanonicalJson json, Claim claim, string? part = null) => json.Object(null, () =>
    {
        json.TextIf("part", part);
        json.Text("name", claim.Name).Text("value", claim.Value ?? Missing).TextIf("record", claim.Record);
    });
}
