using System.Globalization;

namespace ServerlessMeta.Models;

/// <summary>How a version is named in paths and queries: <c>3</c>, <c>version:3</c>, <c>latest</c>, or <c>alias:production</c>.</summary>
internal static class ModelVersionName
{
    public const string Problem = "A version is named by its number, latest, version:<number> or alias:<alias>.";

    /// <returns>Whether the text names a version at all; and its number, null when the model has none by that name. A deleted version keeps its number.</returns>
    public static (bool IsName, int? Number) Find(RegisteredModel model, string text)
    {
        if (text == "latest")
        {
            return (true, Enumerable.Range(1, model.LastVersion).Reverse().Where(model.Has).Select(static number => (int?)number).FirstOrDefault());
        }
        if (text.StartsWith("alias:", StringComparison.Ordinal) && text.Length > "alias:".Length)
        {
            return (true, model.Aliases.TryGetValue(text["alias:".Length..], out var holder) ? holder : null);
        }
        var digits = text.StartsWith("version:", StringComparison.Ordinal) ? text["version:".Length..] : text;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? (true, number <= model.LastVersion ? number : null) : (false, null);
    }
}
