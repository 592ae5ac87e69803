using System.Collections.Immutable;

namespace ServerlessMeta.Webhooks;

/// <summary>What can be listened to: something of a kind (<c>model_version_tag</c>) was <c>created</c>, <c>set</c> or <c>deleted</c>.</summary>
public sealed record WebhookEvent(string Entity, string Action)
{
    private static readonly ImmutableArray<string> Tagged = ["registered_model", "model_version", "prompt", "prompt_version"];

    public static ImmutableArray<WebhookEvent> All { get; } =
    [
        new("registered_model", "created"), new("model_version", "created"),
        new("model_version_tag", "set"), new("model_version_tag", "deleted"),
        new("model_version_alias", "created"), new("model_version_alias", "deleted"),
        new("prompt", "created"), new("prompt_version", "created"),
        new("prompt_tag", "set"), new("prompt_tag", "deleted"),
        new("prompt_version_tag", "set"), new("prompt_version_tag", "deleted"),
        new("prompt_alias", "created"), new("prompt_alias", "deleted"),
    ];

    /// <summary>Whether what is told has an object of tags.</summary>
    internal bool HasTags => Tagged.Contains(Entity, StringComparer.Ordinal);

    public static WebhookEvent? Find(string entity, string action) => All.FirstOrDefault(one => one.Entity == entity && one.Action == action);

    /// <summary>An event by its name, <c>entity.action</c>; null when there is none of that name.</summary>
    public static WebhookEvent? Find(string name) => All.FirstOrDefault(one => one.ToString() == name);

    public override string ToString() => $"{Entity}.{Action}";
}
