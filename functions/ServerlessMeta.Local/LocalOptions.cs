using System.Globalization;
using System.Net;

namespace ServerlessMeta.Local;

/// <summary>What the command line says.</summary>
internal sealed record LocalOptions(string Urls, string DataFolder, bool InMemory, string? Storage, string? TokenSha256, int? AmqpPort, TimeSpan? TimersEvery, bool Help)
{
    public const string Usage = """
        ServerlessMeta.Local: the store on your machine.

          --urls <url>           where it answers (default http://127.0.0.1:7071)
          --data <folder>        where data is kept (default: a folder of yours; it survives restarts)
          --in-memory            keep nothing
          --storage <string>     use this storage instead of starting Azurite (a connection string)
          --token-sha256 <hex>   demand a token: the SHA-256 of it; needed when --urls is not loopback
          --amqp-port <number>   where the stand-in for Service Bus listens, on loopback, in memory (default 5672, or a free port where that is taken; 0: a free port)
          --timers-every <sec.>  run the timers that are due every five minutes (drift, triggers, deliveries) so often instead: for trying things out

          verify-audit <file>    verifies an export of the audit, without a store
        """;

    public static LocalOptions Parse(string[] arguments)
    {
        var options = new LocalOptions(
            "http://127.0.0.1:7071",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "serverlessmeta"),
            InMemory: false, Storage: null, TokenSha256: null, AmqpPort: null, TimersEvery: null, Help: false);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--urls" => options with { Urls = Value() },
                "--data" => options with { DataFolder = Path.GetFullPath(Value()) },
                "--in-memory" => options with { InMemory = true },
                "--storage" => options with { Storage = Value() },
                "--token-sha256" => options with { TokenSha256 = Value() },
                "--amqp-port" => options with { AmqpPort = PortOf(Value()) },
                "--timers-every" => options with { TimersEvery = SecondsOf(Value()) },
                "--help" or "-h" => options with { Help = true },
                _ => throw new StartupException($"{name} is no option; --help lists them."),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new StartupException($"{name} needs a value; --help says which.");
        }
        return options;
    }

    private static int PortOf(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        ? port
        : throw new StartupException($"'{text}' is no port; --amqp-port takes a number from 0 to 65535.");

    private static TimeSpan SecondsOf(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 300
        ? TimeSpan.FromSeconds(seconds)
        : throw new StartupException($"'{text}' is no number of seconds; --timers-every takes one from 1 to 300.");

    /// <summary>Whether every address is reached from its own machine only.</summary>
    public bool IsLoopback() => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).All(static url =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp
            ? address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip))
            : url.Contains('*', StringComparison.Ordinal) || url.Contains('+', StringComparison.Ordinal)
                ? false
                : throw new StartupException($"'{url}' is no address like http://127.0.0.1:7071."));
}
