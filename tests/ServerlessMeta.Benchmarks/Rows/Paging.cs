using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Reads a whole history as MLflow's client does: pages of 25,000 points.</summary>
internal static class Paging
{
    private const int PageSize = 25_000;

    /// <returns>How many pages there were, and the most storage operations of one.</returns>
    public static (int Pages, int MostOperations, int Points) Read(WireConnection connection, string run, string key)
    {
        var (pages, most, points, token) = (0, 0, 0, default(string));
        do
        {
            var next = token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}";
            Store.Must(connection, connection.Exchange(HttpText.Get($"metrics/get-history?run_id={run}&metric_key={key}&max_results={PageSize}{next}")));
            pages++;
            most = Math.Max(most, connection.Operations());
            points += connection.Body.Count("\"timestamp\""u8);
            token = connection.Text("next_page_token");
        }
        while (token is not null);
        return (pages, most, points);
    }

    public static void Expect(Uri store, string run, string key, int points)
    {
        using var connection = new WireConnection(store);
        var found = Read(connection, run, key).Points;
        if (found != points)
        {
            throw new InvalidOperationException($"The history of {key} has {found} points instead of {points}.");
        }
    }
}
