// What the Functions host uses of the worker's packages: signatures only, as their documentation gives them.
#pragma warning disable CS9113
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
{
    public abstract class BindingAttribute : Attribute;

    public abstract class TriggerBindingAttribute : BindingAttribute;
}

namespace Microsoft.Azure.Functions.Worker
{
    using global::Azure.Messaging.ServiceBus;
    using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

    [AttributeUsage(AttributeTargets.Method)]
    public class FunctionAttribute(string name) : Attribute
    {
        public string Name => throw null!;
    }

    public enum AuthorizationLevel
    {
        Anonymous,
        User,
        Function,
        System,
        Admin,
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class HttpTriggerAttribute : TriggerBindingAttribute
    {
        public HttpTriggerAttribute() => throw null!;

        public HttpTriggerAttribute(params string[] methods) => throw null!;

        public HttpTriggerAttribute(AuthorizationLevel authLevel) => throw null!;

        public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) => throw null!;

        public string? Route { get; set; }

        public string[]? Methods => throw null!;

        public AuthorizationLevel AuthLevel => throw null!;
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
    {
        public string Schedule => throw null!;

        public bool UseMonitor { get; set; }

        public bool RunOnStartup { get; set; }
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class ServiceBusTriggerAttribute : TriggerBindingAttribute
    {
        public ServiceBusTriggerAttribute(string queueName) => throw null!;

        public ServiceBusTriggerAttribute(string topicName, string subscriptionName) => throw null!;

        public string? Connection { get; set; }

        public string? QueueName => throw null!;

        public string? TopicName => throw null!;

        public string? SubscriptionName => throw null!;

        public bool IsSessionsEnabled { get; set; }

        public bool IsBatched { get; set; }

        public bool AutoCompleteMessages { get; set; }
    }

    public class ServiceBusMessageActions
    {
        protected ServiceBusMessageActions() => throw null!;

        public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => throw null!;

        public virtual Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) => throw null!;

        public virtual Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = default, string? deadLetterReason = default, string? deadLetterErrorDescription = default,
            CancellationToken cancellationToken = default) => throw null!;

        public virtual Task DeferMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) => throw null!;

        public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => throw null!;
    }

    public class TimerInfo
    {
        public ScheduleStatus? ScheduleStatus { get; set; }

        public bool IsPastDue { get; set; }
    }

    public class ScheduleStatus
    {
        public DateTime Last { get; set; }

        public DateTime Next { get; set; }

        public DateTime LastUpdated { get; set; }
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    public class FunctionsApplication
    {
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw null!;
    }

    public class FunctionsApplicationBuilder
    {
        internal FunctionsApplicationBuilder() => throw null!;

        public ConfigurationManager Configuration => throw null!;

        public IHostEnvironment Environment => throw null!;

        public ILoggingBuilder Logging => throw null!;

        public IServiceCollection Services => throw null!;

        public IHost Build() => throw null!;
    }

    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => throw null!;
    }
}

// These packages do not say what may be null.
#nullable disable

namespace Azure.Core.Amqp
{
    public enum AmqpMessageBodyType
    {
        Data = 0,
        Value = 1,
        Sequence = 2,
    }

    public class AmqpMessageBody
    {
        internal AmqpMessageBody() => throw null;

        public AmqpMessageBodyType BodyType => throw null;

        public bool TryGetData(out IEnumerable<ReadOnlyMemory<byte>> data) => throw null;

        public bool TryGetValue(out object value) => throw null;

        public bool TryGetSequence(out IEnumerable<IList<object>> sequence) => throw null;
    }

    public class AmqpMessageProperties
    {
        internal AmqpMessageProperties() => throw null;

        public DateTimeOffset? AbsoluteExpiryTime { get; set; }

        public DateTimeOffset? CreationTime { get; set; }
    }

    public class AmqpAnnotatedMessage
    {
        internal AmqpAnnotatedMessage() => throw null;

        public AmqpMessageBody Body { get; set; }

        public AmqpMessageProperties Properties => throw null;
    }
}

namespace Azure.Messaging.ServiceBus
{
    using Azure.Core;
    using Azure.Core.Amqp;

    public class ServiceBusClient : IAsyncDisposable
    {
        protected ServiceBusClient() => throw null;

        public ServiceBusClient(string connectionString) => throw null;

        public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential) => throw null;

        public virtual ServiceBusSender CreateSender(string queueOrTopicName) => throw null;

        public virtual ServiceBusReceiver CreateReceiver(string queueName) => throw null;

        public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => throw null;

        public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) => throw null;

        public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options) => throw null;

        public virtual ValueTask DisposeAsync() => throw null;
    }

    public class ServiceBusSender : IAsyncDisposable
    {
        protected ServiceBusSender() => throw null;

        public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => throw null;

        public virtual Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default) => throw null;

        public virtual ValueTask DisposeAsync() => throw null;
    }

    public class ServiceBusReceiver : IAsyncDisposable
    {
        protected ServiceBusReceiver() => throw null;

        public virtual Task<ServiceBusReceivedMessage> PeekMessageAsync(long? fromSequenceNumber = default, CancellationToken cancellationToken = default) => throw null;

        public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = default, CancellationToken cancellationToken = default) => throw null;

        public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = default, CancellationToken cancellationToken = default) => throw null;

        public virtual IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(CancellationToken cancellationToken = default) => throw null;

        public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => throw null;

        public virtual Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null, CancellationToken cancellationToken = default) => throw null;

        public virtual ValueTask DisposeAsync() => throw null;
    }

    public class ServiceBusReceiverOptions
    {
        public SubQueue SubQueue { get; set; }

        public int PrefetchCount { get; set; }
    }

    public enum SubQueue
    {
        None = 0,
        DeadLetter = 1,
        TransferDeadLetter = 2,
    }

    public class ServiceBusMessage
    {
        public ServiceBusMessage() => throw null;

        public ServiceBusMessage(string body) => throw null;

        public ServiceBusMessage(ReadOnlyMemory<byte> body) => throw null;

        public ServiceBusMessage(BinaryData body) => throw null;

        public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage) => throw null;

        public ServiceBusMessage(AmqpAnnotatedMessage message) => throw null;

        public string MessageId { get; set; }

        public string ContentType { get; set; }

        public string Subject { get; set; }

        public TimeSpan TimeToLive { get; set; }

        public BinaryData Body { get; set; }

        public IDictionary<string, object> ApplicationProperties => throw null;

        public AmqpAnnotatedMessage GetRawAmqpMessage() => throw null;
    }

    public class ServiceBusReceivedMessage
    {
        internal ServiceBusReceivedMessage() => throw null;

        public string MessageId => throw null;

        public string ContentType => throw null;

        public string Subject => throw null;

        public BinaryData Body => throw null;

        public IReadOnlyDictionary<string, object> ApplicationProperties => throw null;

        public int DeliveryCount => throw null;

        public long SequenceNumber => throw null;

        public DateTimeOffset EnqueuedTime => throw null;

        public DateTimeOffset LockedUntil => throw null;

        public string LockToken => throw null;

        public string DeadLetterReason => throw null;

        public string DeadLetterErrorDescription => throw null;

        public AmqpAnnotatedMessage GetRawAmqpMessage() => throw null;
    }

    public class ServiceBusException : Exception
    {
        public bool IsTransient => throw null;
    }
}
