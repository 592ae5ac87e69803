using System.Text.Json;
using Microsoft.CodeAnalysis;
using ServerlessMeta.App;
using ServerlessMeta.Messages;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Functions;

public sealed class FunctionsHostTests
{
    private static readonly string[] Verbs = ["delete", "get", "head", "options", "patch", "post", "put"];

    [Fact]
    public void Sources_compile_without_a_warning() => Assert.Empty(FunctionsHost.Compile().Faults);

    [Theory]
    [InlineData("AddServerlessMeta", "AddServerlessMetaToo")]
    [InlineData("pipeline.RunAsync(", "pipeline.Run(")]
    [InlineData("entry.TickAsync(TimerSchedules.Outbox,", "entry.TickAsync(")]
    [InlineData("TimerSchedules.UpkeepCron", "TimerSchedules.UpkeepSchedule")]
    [InlineData("AuthorizationLevel.Anonymous", "AuthorizationLevel.Nobody")]
    [InlineData("ConfigureFunctionsWebApplication", "ConfigureFunctionsWorkerDefaults")]
    [InlineData("TimeProvider time)", "TimeProvider? time)")]
    [InlineData("entry.HandleAsync(", "entry.Handle(")]
    [InlineData("CompleteMessageAsync(one.First, ct)", "CompleteMessageAsync(ct)")]
    [InlineData("deadLetterErrorDescription:", "deadLetterDescription:")]
    [InlineData("PeekMessagesAsync(", "PeekAsync(")]
    [InlineData("ServiceBusReceivedMessage[] messages", "ServiceBusMessage[] messages")]
    public void A_slip_in_the_sources_is_found(string written, string slip)
    {
        var found = false;

        var faults = FunctionsHost.Compile(text =>
        {
            found |= text.Contains(written, StringComparison.Ordinal);
            return text.Replace(written, slip, StringComparison.Ordinal);
        }).Faults;

        Assert.True(found);
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void One_function_takes_every_request_and_asks_for_no_key()
    {
        var http = Assert.Single(FunctionsHost.Compile().Functions, static function => function.Trigger.AttributeClass?.Name is "HttpTriggerAttribute");

        var level = http.Trigger.ConstructorArguments[0];
        Assert.Equal("Microsoft.Azure.Functions.Worker.AuthorizationLevel", level.Type?.ToDisplayString());
        Assert.Equal(0, level.Value);
        Assert.Equal(Verbs, http.Trigger.ConstructorArguments[1].Values.Select(static verb => (string)verb.Value!).Order(StringComparer.Ordinal));
        Assert.Equal("{*path}", Assert.Single(http.Trigger.NamedArguments, static argument => argument.Key is "Route").Value.Value);
    }

    [Fact]
    public void Each_timer_is_one_function_of_its_name_and_schedule()
    {
        var timers = FunctionsHost.Compile().Functions.Where(static function => function.Trigger.AttributeClass?.Name is "TimerTriggerAttribute");

        Assert.Equal(
            TimerSchedules.All.Select(static schedule => (schedule.Name, schedule.Cron)).Order(),
            timers.Select(static timer => (timer.Name, (string)timer.Trigger.ConstructorArguments[0].Value!)).Order());
    }

    [Fact]
    public void Each_timer_ticks_by_its_own_name() => Assert.All(
        FunctionsHost.Compile().Functions.Where(static function => function.Trigger.AttributeClass?.Name is "TimerTriggerAttribute"),
        static timer =>
        {
            var body = timer.Method.DeclaringSyntaxReferences.Single().GetSyntax(TestContext.Current.CancellationToken).ToString();
            Assert.Contains($"[Function(TimerSchedules.{timer.Method.Name})]", body, StringComparison.Ordinal);
            Assert.Contains($"TickAsync(TimerSchedules.{timer.Method.Name}, ", body, StringComparison.Ordinal);
        });

    [Fact]
    public void Every_function_and_its_class_are_public_so_that_the_worker_calls_them_without_reflection() => Assert.All(
        FunctionsHost.Compile().Functions,
        static function => Assert.Equal((Accessibility.Public, Accessibility.Public), (function.Method.DeclaredAccessibility, function.Method.ContainingType.DeclaredAccessibility)));

    [Fact]
    public void Each_queue_that_is_read_is_one_function_of_its_name_that_settles_its_messages_itself()
    {
        var queue = Assert.Single(FunctionsHost.Compile().Functions, static function => function.Trigger.AttributeClass?.Name is "ServiceBusTriggerAttribute");

        Assert.Equal((Entities.Ingest, Entities.Ingest), (queue.Name, (string)Assert.Single(queue.Trigger.ConstructorArguments).Value!));
        Assert.Equal(
            [("AutoCompleteMessages", false), ("Connection", "ServiceBusConnection"), ("IsBatched", true)],
            queue.Trigger.NamedArguments.Select(static argument => (argument.Key, argument.Value.Value!)).OrderBy(static argument => argument.Key, StringComparer.Ordinal));
        Assert.Equal("Azure.Messaging.ServiceBus.ServiceBusReceivedMessage[]", queue.Method.Parameters[0].Type.ToDisplayString());
    }

    [Fact]
    public void Every_function_is_http_a_timer_or_a_queue() => Assert.Equal(1 + TimerSchedules.All.Length + 1, FunctionsHost.Compile().Functions.Length);

    [Fact]
    public void The_host_leaves_settling_to_the_store_and_reads_no_more_than_a_lock_outlasts()
    {
        using var host = JsonDocument.Parse(Repository.Read("functions/ServerlessMeta.Functions/host.json"));
        var bus = host.RootElement.GetProperty("extensions").GetProperty("serviceBus");

        Assert.False(bus.GetProperty("autoCompleteMessages").GetBoolean());
        Assert.InRange(bus.GetProperty("maxMessageBatchSize").GetInt32(), 1, 100);
        Assert.Equal(0, bus.GetProperty("prefetchCount").GetInt32());
    }

    [Fact]
    public void Routes_have_no_prefix()
    {
        using var host = JsonDocument.Parse(Repository.Read("functions/ServerlessMeta.Functions/host.json"));

        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }
}
