using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App;
using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Local;
using ServerlessMeta.Platform;
using ServerlessMeta.Testing;

namespace ServerlessMeta.Benchmarks;

/// <summary>What a group of figures runs on: an Azurite of its own, in memory, and as many instances of the store as it asks for.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly List<LocalProcess> locals = [];
    private readonly string assembly;
    private readonly Azurite azurite;

    private Rig(string assembly, Azurite azurite, bool quick) => (this.assembly, this.azurite, Quick) = (assembly, azurite, quick);

    public bool Quick { get; }

    /// <summary>log2 of the partitions of the experiments that are made: a large experiment is given more, as its owner would.</summary>
    public int PartitionBits { get; set; }

    public string Storage => azurite.ConnectionString;

    public Uri Tables => new($"http://127.0.0.1:{azurite.TablePort}/");

    /// <summary>What Azurite has used of processors since it started.</summary>
    public TimeSpan StorageTime
    {
        get
        {
            using var process = Process.GetProcessById(azurite.ProcessId);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Raw and ours take turns so many times; medians are reported.</summary>
    public int Rounds => Quick ? 1 : 5;

    public TimeSpan Round => TimeSpan.FromSeconds(Quick ? 0.7 : 3);

    public static async Task<Rig> StartAsync(string assembly, bool quick) => new(assembly, await Azurite.StartAsync(null, CancellationToken.None), quick);

    public int Pick(int full, int quick) => Quick ? quick : full;

    public TableClient Table(string name) => new(Storage, new StorageOptions().TablePrefix + name);

    /// <param name="relay">By whose way tables are reached; null: directly.</param>
    public async Task<LocalProcess> StartLocalAsync(RecordingRelay? relay = null)
    {
        var storage = relay is null ? Storage : Storage.Replace($"TableEndpoint=http://127.0.0.1:{azurite.TablePort}/", $"TableEndpoint=http://127.0.0.1:{relay.Port}/", StringComparison.Ordinal);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Experiments__PartitionBits"] = PartitionBits.ToString(CultureInfo.InvariantCulture) };
        var local = await LocalProcess.StartAsync(assembly, ["--storage", storage], settings, CancellationToken.None);
        locals.Add(local);
        return local;
    }

    /// <summary>Cools every run, as the upkeep timer does once runs have been quiet for ten minutes.</summary>
    public async Task CoolAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:ConnectionString"] = Storage, ["Upkeep:QuietMinutes"] = "0" };
        var services = new ServiceCollection().AddLogging().AddServerlessMeta(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        await using var store = services.BuildServiceProvider();
        await store.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Upkeep, TimeProvider.System.GetUtcNow(), CancellationToken.None);
    }

    public static void Say(string text) => Console.Error.WriteLine($"  {text}");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(locals.Select(static local => local.DisposeAsync().AsTask()));
        await azurite.DisposeAsync();
    }
}
