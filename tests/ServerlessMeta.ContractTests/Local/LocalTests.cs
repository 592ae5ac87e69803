using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>The laptop host as a process of its own.</summary>
public sealed class LocalTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly string Assembly = typeof(Azurite).Assembly.Location;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverlessmeta-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_logged_survives_a_restart()
    {
        string run;
        await using (var first = await StartAsync("--data", folder.FullName))
        {
            run = await LogAsync(first, 1);
        }
        await using var second = await StartAsync("--data", folder.FullName);

        Assert.Equal("1", await ParamAsync(second, run));
    }

    [Fact]
    public async Task After_a_crash_what_was_answered_is_there()
    {
        await using var first = await StartAsync("--data", folder.FullName);
        var run = await LogAsync(first, 1);
        await first.CrashAsync(Ct);
        await using var second = await StartAsync("--data", folder.FullName);

        Assert.Equal("1", await ParamAsync(second, run));
    }

    [Fact]
    public async Task After_a_crash_azurite_ends_without_being_told()
    {
        await using var local = await StartAsync("--data", folder.FullName);
        await LogAsync(local, 1);
        var marker = Path.Combine(folder.FullName, "azurite.pid");
        Assert.True(File.Exists(marker));

        await local.CrashAsync(Ct);

        for (var i = 0; i < 400 && File.Exists(marker); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public async Task In_memory_keeps_nothing()
    {
        string run;
        await using (var first = await StartAsync("--in-memory"))
        {
            run = await LogAsync(first, 1);
        }
        await using var second = await StartAsync("--in-memory");
        using var api = new Api(second.Url);

        Assert.Equal(404, (await api.GetAsync("runs/get", ("run_id", run))).Status);
    }

    [Fact]
    public async Task Given_storage_is_used()
    {
        await using var local = await StartAsync("--storage", azurite.ConnectionString);
        using var api = new Api(local.Url);

        Assert.True((await api.GetAsync("experiments/get", ("experiment_id", "0"))).Operations > 0);
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        await RefusesAsync($"{url} is in use; give another address with --urls.", [], "--urls", url, "--storage", azurite.ConnectionString);
    }

    [Fact]
    public async Task An_amqp_port_in_use_is_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await RefusesAsync($"Port {port} cannot be listened on for AMQP (AddressAlreadyInUse); give another with --amqp-port.", [], "--urls", "http://127.0.0.1:0", "--amqp-port", $"{port}", "--storage", azurite.ConnectionString);
    }

    [Fact]
    public async Task A_missing_node_is_one_sentence() =>
        await RefusesAsync("Node.js was not found; install Node 20 or newer and put 'node' on the path, or give --storage.", [("PATH", folder.FullName)], "--urls", "http://127.0.0.1:0", "--in-memory");

    [Fact]
    public async Task A_folder_in_use_is_one_sentence()
    {
        await using var first = await StartAsync("--data", folder.FullName);

        await RefusesAsync($"Another ServerlessMeta.Local keeps its data in {folder.FullName}; give another folder with --data.", [], "--urls", "http://127.0.0.1:0", "--data", folder.FullName);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage", "Storage cannot be reached: ")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a;", "Storage cannot be reached: ")]
    public async Task Unreachable_storage_is_one_sentence(string connectionString, string sentence) => await RefusesAsync(sentence, [], "--urls", "http://127.0.0.1:0", "--storage", connectionString);

    [Theory]
    [InlineData("--nonsense is no option; --help lists them.", "--nonsense")]
    [InlineData("--urls needs a value; --help says which.", "--urls")]
    [InlineData("'70000' is no port; --amqp-port takes a number from 0 to 65535.", "--amqp-port", "70000")]
    [InlineData("'0' is no number of seconds; --timers-every takes one from 1 to 300.", "--timers-every", "0")]
    [InlineData("'nowhere' is no address like http://127.0.0.1:7071.", "--urls", "nowhere", "--in-memory")]
    [InlineData("http://0.0.0.0:0 can be reached from other machines, so a token is needed: give --token-sha256.", "--urls", "http://0.0.0.0:0", "--in-memory")]
    [InlineData("http://*:0 can be reached from other machines, so a token is needed: give --token-sha256.", "--urls", "http://*:0", "--in-memory")]
    public async Task A_bad_command_line_is_one_sentence(string sentence, params string[] arguments) => await RefusesAsync(sentence, [], arguments);

    public void Dispose() => folder.Delete(recursive: true);

    private static Task<LocalProcess> StartAsync(params string[] arguments) => LocalProcess.StartAsync(Assembly, arguments, null, Ct);

    private static async Task<string> LogAsync(LocalProcess local, int value)
    {
        using var api = new Api(local.Url);
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = $"{value}" })).Ok();
        return run;
    }

    private static async Task<string> ParamAsync(LocalProcess local, string run)
    {
        using var api = new Api(local.Url);
        return (await api.GetRunAsync(run))["data"]!["params"]![0]!["value"]!.ToString();
    }

    private static async Task RefusesAsync(string sentence, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : DotnetPath()) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Assembly, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var local = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var said = (await local.StandardError.ReadToEndAsync(patience.Token)).TrimEnd();
        await local.WaitForExitAsync(patience.Token);
        Assert.Equal(1, local.ExitCode);
        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    // Found before the path is changed for the child.
    private static string DotnetPath() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(static path => Path.Combine(path, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")).First(File.Exists);
}
