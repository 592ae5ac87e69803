using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>The tags by which a dialect's clients keep prompts in the registry.</summary>
/// <param name="PromptTag">A model that has this tag as <c>true</c> is a prompt.</param>
/// <param name="TextTag">The tag of a version that has the prompt's text.</param>
public sealed record ModelWords(string PromptTag, string TextTag)
{
    internal bool IsPrompt(RegisteredModel model) => IsPrompt(model.Tags);

    internal bool IsPrompt(ImmutableArray<Tag> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == PromptTag)
            {
                return tag.Value.Equals("true", StringComparison.OrdinalIgnoreCase);
            }
        }
        return false;
    }
}
