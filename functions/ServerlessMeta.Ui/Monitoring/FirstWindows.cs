using Microsoft.AspNetCore.Http;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>How something begins to be watched, by the clients people have.</summary>
internal static class FirstWindows
{
    /// <param name="path">Where the endpoints of what is watched begin; null: of an example.</param>
    public static IReadOnlyList<Snippet> Of(HttpRequest request, string? path = null)
    {
        var at = $"{request.Scheme}://{request.Host}{path ?? "/api/v1/monitors/clicks"}";
        return
        [
            new("curl",
                $$"""
                # With what windows are compared: rows as they were in training.
                curl -s {{at}}/baseline -H "Content-Type: text/csv" --data-binary @training.csv

                # What came since, as often as it comes: a window, or a part of one.
                curl -s "{{at}}/windows?start=2026-01-05T00:00:00Z&end=2026-01-12T00:00:00Z" \
                  -H "Content-Type: text/csv" --data-binary @week.csv
                """),
            new("Python (profile.py)",
                $$"""
                # Rows are counted where they are, and none leaves the place: profile.py needs the standard library alone.
                curl -s -H "Accept: application/vnd.serverlessmeta.profile+json" {{at}}/baseline > baseline.json
                python3 tests/clients/profile.py week.csv baseline.json > part.json
                curl -s "{{at}}/windows?start=2026-01-05T00:00:00Z&end=2026-01-12T00:00:00Z" \
                  -H "Content-Type: application/vnd.serverlessmeta.profile+json" --data-binary @part.json
                """),
            new("JavaScript",
                $$"""
                const post = (path, body) => fetch(`{{at}}/${path}`, {
                  method: "POST",
                  headers: { "Content-Type": "application/json" },
                  body: JSON.stringify(body),
                }).then((answer) => answer.json());

                await post("baseline", { rows: training });
                await post("windows", { start: "2026-01-05T00:00:00Z", end: "2026-01-12T00:00:00Z", rows: week });
                """),
        ];
    }
}
