using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.Ui.Models;

/// <summary>Where the pages of the registry stand, and what the API calls the same.</summary>
internal static class ModelLinks
{
    public static string Model(RegisteredModel model, DateTimeOffset? asOf = null) => $"/models/{Segment(model)}{AsOf.Query(asOf)}";

    public static string Version(RegisteredModel model, int version, DateTimeOffset? asOf = null) =>
        string.Create(CultureInfo.InvariantCulture, $"/models/{Segment(model)}/versions/{version}{AsOf.Query(asOf)}");

    public static string Tab(string address, string tab, DateTimeOffset? asOf)
    {
        var query = AsOf.Query(asOf);
        return tab.Length == 0 ? address + query : query.Length == 0 ? $"{address}?tab={tab}" : $"{address}{query}&tab={tab}";
    }

    /// <summary>All that watching a version says of it.</summary>
    public static string Watch(RegisteredModel model, int version) => string.Create(CultureInfo.InvariantCulture, $"/monitoring/models/{Segment(model)}/versions/{version}");

    public static string Compare(RegisteredModel model, int version, int other) =>
        string.Create(CultureInfo.InvariantCulture, $"/compare?versions={Uri.EscapeDataString($"{model.Name}/{version}")},{Uri.EscapeDataString($"{model.Name}/{other}")}");

    public static string Api(RegisteredModel model) => $"/api/v1/models/{Segment(model)}";

    public static string Api(RegisteredModel model, int version) => string.Create(CultureInfo.InvariantCulture, $"{Api(model)}/versions/{version}");

    // What is a page's own name here, or the way up, is said by the model's number.
    private static string Segment(RegisteredModel model) =>
        model.Name is "new" or "." or ".." ? string.Create(CultureInfo.InvariantCulture, $"number:{model.Number}") : Uri.EscapeDataString(model.Name);
}
