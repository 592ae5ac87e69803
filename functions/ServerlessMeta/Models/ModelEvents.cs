using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Tells of changes in the words of webhooks; of prompts in words of their own. A tag is told as <c>tags.{key}</c>.</summary>
internal sealed class ModelEvents(ModelWords words)
{
    private const string Created = "created";
    private const string Set = "set";
    private const string Deleted = "deleted";
    private const string TagPrefix = "tags.";

    // What an event tells of tags, in bytes of UTF-8; above that large values are told as null.
    private const int HighestTags = 150_000;

    public void ModelCreated(ModelChange change, ImmutableArray<Tag> tags)
    {
        var prompt = words.IsPrompt(tags);
        change.Emit(prompt ? "prompt" : "registered_model", Created,
            [Text("name", change.Model.Name), Text("description", change.Model.Description), .. TagsOf(prompt ? tags.RemoveAll(tag => tag.Key == words.PromptTag) : tags)]);
    }

    public void VersionCreated(ModelChange change, ModelVersion version, ImmutableArray<Tag> tags)
    {
        var number = NumberOf(version.Number);
        if (!words.IsPrompt(change.Model))
        {
            change.Emit("model_version", Created,
                [Text("name", change.Model.Name), Text("version", number), Text("source", version.Source), Text("run_id", version.Run?.ToString()), Text("description", version.Description), .. TagsOf(tags)]);
            return;
        }
        var text = tags.FirstOrDefault(tag => tag.Key == words.TextTag).Value;
        change.Emit("prompt_version", Created,
            [Text("name", change.Model.Name), Text("version", number), Text("template", text), Text("description", version.Description), .. TagsOf(tags.RemoveAll(tag => tag.Key == words.PromptTag || tag.Key == words.TextTag))]);
    }

    /// <summary>Tags of models themselves are told of prompts alone.</summary>
    public void ModelTagSet(ModelChange change, Tag tag)
    {
        if (words.IsPrompt(change.Model))
        {
            change.Emit("prompt_tag", Set, Text("name", change.Model.Name), Text("key", tag.Key), Text("value", tag.Value));
        }
    }

    public void ModelTagDeleted(ModelChange change, string key)
    {
        if (words.IsPrompt(change.Before))
        {
            change.Emit("prompt_tag", Deleted, Text("name", change.Model.Name), Text("key", key));
        }
    }

    public void VersionTagSet(ModelChange change, int version, Tag tag) => change.Emit(words.IsPrompt(change.Model) ? "prompt_version_tag" : "model_version_tag", Set,
        Text("name", change.Model.Name), Text("version", NumberOf(version)), Text("key", tag.Key), Text("value", tag.Value));

    public void VersionTagDeleted(ModelChange change, int version, string key) => change.Emit(words.IsPrompt(change.Model) ? "prompt_version_tag" : "model_version_tag", Deleted,
        Text("name", change.Model.Name), Text("version", NumberOf(version)), Text("key", key));

    public void AliasSet(ModelChange change, string alias, int version) => change.Emit(words.IsPrompt(change.Model) ? "prompt_alias" : "model_version_alias", Created,
        Text("name", change.Model.Name), Text("alias", alias), Text("version", NumberOf(version)));

    public void AliasDeleted(ModelChange change, string alias) => change.Emit(words.IsPrompt(change.Model) ? "prompt_alias" : "model_version_alias", Deleted,
        Text("name", change.Model.Name), Text("alias", alias));

    private static IEnumerable<KeyValuePair<string, string?>> TagsOf(ImmutableArray<Tag> tags)
    {
        var isLong = tags.Sum(static tag => PackedFields.Measure(tag)) > HighestTags;
        return tags.Select(tag => Text(TagPrefix + tag.Key, isLong && LargeTagRow.IsLarge(tag) ? null : tag.Value));
    }

    private static KeyValuePair<string, string?> Text(string name, string? value) => KeyValuePair.Create(name, value);

    private static string NumberOf(int version) => version.ToString(CultureInfo.InvariantCulture);
}
