using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.ModelCards;

/// <summary>
/// Table <c>models</c>, beside the model:
/// <code>
/// s|{model:d10}|{version:d10}|{section}|{9999999999 - revision:d10}   a part of a card that people wrote, each text a row, the newest first
/// </code>
/// </summary>
internal static class CardSectionKeys
{
    private const long LastRevision = 9_999_999_999;

    public static string Section(long model, CardSection section) =>
        string.Create(CultureInfo.InvariantCulture, $"s|{ModelKeys.OfVersion(model, section.Version)}|{section.Name}|{LastRevision - section.Revision:d10}");

    public static (string From, string Below) Sections(long model) => ($"s|{ModelKeys.ObjectKey(model)}|", $"s|{ModelKeys.ObjectKey(model)}}}");
}
