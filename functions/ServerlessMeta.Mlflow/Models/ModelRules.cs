using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Models;

/// <summary>The registry's limits on names and values, with the protocol's messages.</summary>
internal static class ModelRules
{
    public const string PromptTag = "mlflow.prompt.is_prompt";
    public const string PromptTextTag = "mlflow.prompt.text";
    public const int TagLength = 100_000;

    private const int NameLength = 256;

    // The reference has no limits of its own here: its database's columns do.
    private const int DescriptionLength = 20_000;
    private const int SourceLength = 4096;
    private const int LinkLength = 2048;
    private const int MostTags = 1000;

    public static bool IsPrompt(ImmutableArray<Tag> tags) => tags.Any(static tag => tag.Key == PromptTag && tag.Value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The name of a model that is to be.</summary>
    public static string NewNameOf(string parameter, MlflowRequest request)
    {
        var name = request.Required(parameter);
        if (name.AsSpan().ContainsAny('/', ':'))
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(name), parameter, "Names of registered models have neither '/' nor ':'."));
        }
        if (name.Any(char.IsControl))
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(name), parameter, "Names of registered models have no control characters."));
        }
        Rules.CheckLength(name, NameLength, parameter, request);
        return name;
    }

    /// <summary>The number of a version; one that none can have is 0.</summary>
    public static int VersionOf(MlflowRequest request)
    {
        var text = request.Required("version");
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        if (text.Length > 0 && !text.All(char.IsAsciiDigit))
        {
            request.Refuse(MlflowError.Invalid($"Parameter 'version' must be an integer, got '{Rules.Cut(text, 300)}'."));
        }
        return 0;
    }

    /// <param name="request">Which has it.</param>
    /// <param name="isGiven">Whether a version gets it: then no reserved name will do.</param>
    public static string AliasOf(MlflowRequest request, bool isGiven = false)
    {
        var alias = request.Required("alias");
        if (alias.Length > 0 && (isGiven ? ModelAliasStore.Refuse(alias) : ModelAliasStore.RefuseName(alias)) is { } refused)
        {
            request.Refuse(MlflowError.From(refused));
        }
        return alias;
    }

    public static ModelStage StageOf(string text, MlflowRequest request)
    {
        foreach (var stage in Enum.GetValues<ModelStage>())
        {
            if (text.Equals(stage.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return stage;
            }
        }
        request.Refuse(MlflowError.Invalid($"Invalid Model Version stage: {Rules.Cut(text, 300)}. Value must be one of {string.Join(", ", Enum.GetNames<ModelStage>())}."));
        return default;
    }

    public static string? DescriptionOf(MlflowRequest request) => LimitedOf("description", DescriptionLength, request);

    public static string? LinkOf(MlflowRequest request) => LimitedOf("run_link", LinkLength, request);

    public static string SourceOf(MlflowRequest request)
    {
        var source = request.Required("source");
        Rules.CheckLength(source, SourceLength, "source", request);
        return source;
    }

    /// <summary>Of equal keys the last wins.</summary>
    public static ImmutableArray<Tag> TagsOf(MlflowRequest request)
    {
        var tags = new OrderedDictionary<string, Tag>(StringComparer.Ordinal);
        var items = request.Body.List("tags", request);
        Rules.CheckCount(items.Count, MostTags, "tags", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var path = $"tags[{i}].";
            var tag = Checked(items[i].Required("key", path + "key", request), items[i].Text("value", path + "value", request), path, request);
            tags[tag.Key] = tag;
        }
        return [.. tags.Values];
    }

    public static Tag TagOf(MlflowRequest request) => Checked(request.Required("key"), request.Text("value"), "", request);

    private static Tag Checked(string key, string? value, string path, MlflowRequest request)
    {
        Rules.CheckKey(key, path + "key", request);
        if (key == PromptTextTag && value?.Length > TagLength)
        {
            request.Refuse(MlflowError.Invalid($"Prompt text exceeds max length of {TagLength} characters."));
        }
        Rules.CheckLength(value ?? "", TagLength, path + "value", request);
        return new Tag(key, value ?? "");
    }

    private static string? LimitedOf(string name, int length, MlflowRequest request)
    {
        var text = request.Text(name);
        Rules.CheckLength(text ?? "", length, name, request);
        return text;
    }
}
