using ServerlessMeta.Local;

try
{
    var options = LocalOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(LocalOptions.Usage);
        return 0;
    }
    await LocalHost.RunAsync(options);
    return 0;
}
catch (StartupException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
