using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.App;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.House;

/// <summary>The sample of settings and the options that read them say the same.</summary>
public sealed class SettingsTests
{
    /// <summary>What the Functions host and the libraries read, which no options class of ours does.</summary>
    private static readonly string[] HostSettings =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage",
        "FUNCTIONS_WORKER_RUNTIME",
        "ServiceBusConnection",
    ];

    /// <summary>Every setting the options classes read.</summary>
    internal static ImmutableArray<(string Name, Type Type)> Known { get; } =
    [
        .. from type in new[] { typeof(StorageOptions).Assembly, typeof(AccessOptions).Assembly }.SelectMany(static assembly => assembly.GetTypes())
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
           where section is { IsLiteral: true }
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where property.CanWrite
           select ($"{section.GetRawConstantValue()}__{property.Name}", property.PropertyType),
    ];

    /// <summary>Records are options of a call, not of the program.</summary>
    [Fact]
    public void Every_options_class_has_a_section() => Assert.All(
        new[] { typeof(StorageOptions).Assembly, typeof(AccessOptions).Assembly }.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetMethod("<Clone>$") is null),
        static type => Assert.NotNull(type.GetField("Section")));

    [Fact]
    public void Sample_holds_every_setting_and_no_other() => Assert.Equal(
        Known.Select(static setting => setting.Name).Concat(HostSettings).Order(StringComparer.Ordinal),
        Sample().Select(static setting => setting.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Sample_values_are_of_the_type_that_is_read() => Assert.All(Known, static setting =>
    {
        var value = (string?)Sample()[setting.Name] ?? "";
        Assert.True(
            setting.Type == typeof(int) ? int.TryParse(value, CultureInfo.InvariantCulture, out _)
            : setting.Type == typeof(bool) ? bool.TryParse(value, out _)
            : setting.Type != typeof(Uri) || value.Length == 0 || Uri.TryCreate(value, UriKind.Absolute, out _), $"{setting.Name}={value}");
    });

    [Fact]
    public void Sample_values_are_the_defaults_where_there_are_any() => Assert.All(
        Known.Where(static setting => setting.Type == typeof(int)),
        static setting =>
        {
            var (section, name) = (setting.Name.Split("__")[0], setting.Name.Split("__")[1]);
            var type = new[] { typeof(StorageOptions).Assembly, typeof(AccessOptions).Assembly }.SelectMany(static assembly => assembly.GetTypes())
                .Single(type => type.GetField("Section") is { } field && section.Equals(field.GetRawConstantValue()));
            var value = type.GetProperty(name)!.GetValue(Activator.CreateInstance(type));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{value}"), (string?)Sample()[setting.Name]);
        });

    [Fact]
    public void Sample_starts_a_store()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Sample().Select(static setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
            .Build();
        using var services = new ServiceCollection().AddLogging().AddServerlessMeta(configuration).BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal("smtruns", services.GetRequiredService<StorageClients>().Runs.Name);
    }

    private static JsonObject Sample() => JsonNode.Parse(Repository.Read("local.settings.sample.json"))!["Values"]!.AsObject();
}
