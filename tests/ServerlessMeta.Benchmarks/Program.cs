using ServerlessMeta.Benchmarks;
using ServerlessMeta.Benchmarks.Rows;

(string Name, bool IsLarge, Func<Rig, Task<IReadOnlyList<Figure>>> RunAsync)[] groups =
[
    ("operations", false, OperationsBenchmark.RunAsync),
    ("create", false, CreateRunBenchmark.RunAsync),
    ("batch", false, LogBatchBenchmark.RunAsync),
    ("params", false, FatRunBenchmark.RunAsync),
    ("onerun", false, OneRunBenchmark.RunAsync),
    ("instances", false, InstancesBenchmark.RunAsync),
    ("history10k", false, HistoryBenchmark.RunAsync),
    ("history100k", false, LongHistoryBenchmark.RunAsync),
    ("search10k", false, SearchBenchmark.RunAsync),
    ("getrun", false, GetRunBenchmark.RunAsync),
    ("start", false, StartUpBenchmark.RunAsync),
    ("transfer1", false, TransferBenchmark.RunOneAsync),
    ("transfer8", false, TransferBenchmark.RunEightAsync),
    ("files10k", false, SmallFilesBenchmark.RunAsync),
    ("file2g", false, LargeFileBenchmark.RunAsync),
    ("registry", false, RegistryBenchmark.RunAsync),
    ("previews", false, PreviewBenchmark.RunAsync),
    ("audit", false, AuditBenchmark.RunAsync),
    ("messages", false, MessagesBenchmark.RunAsync),
    ("drift", false, DriftBenchmark.RunAsync),
    ("drift", false, ProfileBenchmark.RunAsync),
    ("timer", false, TimerBenchmark.RunAsync),
    ("watch", false, WatchBenchmark.RunAsync),
    ("pages", false, PagesBenchmark.RunAsync),
    ("pages100k", true, PagesBenchmark.RunLargeAsync),
    ("search100k", true, LargeSearchBenchmark.RunAsync),
    ("delete100k", true, DeleteBenchmark.RunAsync),
];

try
{
    var options = BenchmarkOptions.Parse(args);
    if (options.Only.FirstOrDefault(only => !Array.Exists(groups, group => group.Name == only)) is { } unknown)
    {
        throw new UsageException($"There is no group '{unknown}'; there are {string.Join(", ", groups.Select(static group => group.Name))}.");
    }
    var assembly = await LocalPublisher.PublishAsync(options.Local);
    var figures = new List<Figure>();
    var failed = false;
    foreach (var (name, isLarge, runAsync) in groups.Where(group => options.Only.Count > 0 ? options.Only.Contains(group.Name) : !group.IsLarge || options.Large))
    {
        await Console.Error.WriteLineAsync($"{name} ...");
        try
        {
            await using var rig = await Rig.StartAsync(assembly, options.Quick);
            figures.AddRange((await runAsync(rig)).Select(figure => figure with { Group = name }));
        }
        catch (Exception broken)
        {
            failed = true;
            await Console.Error.WriteLineAsync($"{name} could not be measured: {broken}");
        }
    }
    Console.WriteLine(options.Quick ? $"A quick run: it shows that everything runs, not how fast.\n\n{Report.Markdown(figures)}" : Report.Markdown(figures));
    if (options.Json is not null)
    {
        await File.WriteAllTextAsync(options.Json, Report.Json(figures, options.Quick));
    }
    return failed ? 2 : 0;
}
catch (UsageException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
