using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Pages over an experiment of many quiet runs: time to the first byte, bytes as they are sent, and storage operations; and what <see cref="BrowserPages"/> measures.</summary>
internal static partial class PagesBenchmark
{
    private const int Portions = 20;
    private const int PartitionBits = 3;

    public static Task<IReadOnlyList<Figure>> RunAsync(Rig rig) => RunAsync(rig, rig.Pick(10_000, 300), "10,000");

    public static Task<IReadOnlyList<Figure>> RunLargeAsync(Rig rig)
    {
        rig.PartitionBits = PartitionBits;
        return RunAsync(rig, rig.Pick(100_000, 1_000), "100,000");
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig, int count, string said)
    {
        var writing = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(writing.Url);
        Rig.Say($"creating {count:N0} runs");
        var runs = new List<string>();
        while (runs.Count < count)
        {
            runs.AddRange(Store.FillExperiment(writing.Url, experiment, count / Portions, runs.Count));
            await rig.CoolAsync();
        }
        var showing = await rig.StartLocalAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = showing.Url, DefaultRequestHeaders = { { "Accept-Encoding", "br" }, { "Accept", "text/html" } } };
        (string Name, Func<int, string> Address)[] pages =
        [
            ("home", static _ => "/"),
            ("experiments", static _ => "/experiments"),
            ("an experiment", _ => $"/experiments/{experiment}"),
            ("an experiment, another filter each time", turn => $"/experiments/{experiment}?filter={Uri.EscapeDataString(string.Create(CultureInfo.InvariantCulture, $"metrics.m_00 > 0.{turn % 900:d3} and params.p_00 = '3'"))}"),
            ("a run", turn => $"/runs/{runs[turn % runs.Count]}"),
            ("a comparison of two runs", turn => $"/compare?runs={runs[turn % runs.Count]},{runs[(turn + 1) % runs.Count]}"),
            ("models", static _ => "/models"),
            ("data", static _ => "/data"),
            ("search", turn => $"/search?q=run-{turn}"),
            ("what changed in an experiment", _ => $"/api/v1/events?subject=experiments/{experiment}"),
        ];
        var figures = new List<Figure>();
        foreach (var (name, address) in pages)
        {
            figures.AddRange(await MeasureAsync(rig, http, $"{name}, {said} runs", address, name.Contains("filter", StringComparison.Ordinal) ? 150 : 200));
        }
        figures.Add(Figure.AtMost($"first load of home with what it loads, {said} runs", 400, await FirstLoadAsync(http, "/") / 1024.0, "KiB"));
        figures.AddRange(await BrowserPages.MeasureAsync(showing.Url, said, experiment, [.. pages.SkipLast(1).Select(page => (page.Name, page.Address(7)))]));
        return figures;
    }

    private static async Task<IEnumerable<Figure>> MeasureAsync(Rig rig, HttpClient http, string name, Func<int, string> address, double goal)
    {
        var (times, bytes, operations) = (new List<double>(), 0L, 0);
        for (var turn = 0; turn < rig.Pick(40, 5); turn++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var answer = await http.GetAsync(new Uri(address(turn), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            // The first fills what an instance knows.
            if (turn > 0)
            {
                times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{address(turn)} answered {(int)answer.StatusCode}.");
            }
            bytes = Math.Max(bytes, (await answer.Content.ReadAsByteArrayAsync()).LongLength);
            operations = answer.Headers.TryGetValues("Server-Timing", out var timing) ? Math.Max(operations, Cost.Matches(timing.First()).Sum(static match => int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture))) : operations;
        }
        return
        [
            Figure.AtMost($"page {name}: first byte p50", goal, Rounds.Median(times), "ms", note: $"{operations} operations at most"),
            Figure.AtMost($"page {name}: bytes", 60, bytes / 1024.0, "KiB"),
        ];
    }

    // The document, and what it and its modules name.
    private static async Task<long> FirstLoadAsync(HttpClient http, string address)
    {
        using var page = await http.GetAsync(new Uri(address, UriKind.Relative));
        var compressed = await page.Content.ReadAsByteArrayAsync();
        var html = await http.DecodedAsync(address);
        var (bytes, known, waiting) = (compressed.LongLength, new HashSet<string>(StringComparer.Ordinal), new Queue<string>(Named.Matches(html).Select(static match => match.Groups["a"].Value)));
        while (waiting.TryDequeue(out var asset))
        {
            if (!known.Add(asset))
            {
                continue;
            }
            using var answer = await http.GetAsync(new Uri(asset, UriKind.Relative));
            bytes += (await answer.Content.ReadAsByteArrayAsync()).LongLength;
            if (asset.EndsWith(".js", StringComparison.Ordinal))
            {
                foreach (var match in Imported.Matches(await http.DecodedAsync(asset)).Cast<Match>())
                {
                    waiting.Enqueue(asset[..(asset.LastIndexOf('/') + 1)] + match.Groups["a"].Value);
                }
            }
        }
        return bytes;
    }

    private static async Task<string> DecodedAsync(this HttpClient http, string address)
    {
        using var plain = new HttpClient { BaseAddress = http.BaseAddress };
        return await plain.GetStringAsync(new Uri(address, UriKind.Relative));
    }

    [GeneratedRegex("desc=\"(?<n>[0-9]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cost { get; }

    [GeneratedRegex("(?:src|href)=\"(?<a>/assets/[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named { get; }

    [GeneratedRegex("(?:from|^import) ?\"\\./(?<a>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Imported { get; }
}
