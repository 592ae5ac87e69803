using ServerlessMeta.Local;

try
{
    if (args is [VerifyAudit.Command, .. var rest])
    {
        return VerifyAudit.Run(rest);
    }
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
