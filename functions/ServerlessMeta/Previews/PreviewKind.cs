using System.Text.Json.Serialization;

namespace ServerlessMeta.Previews;

[JsonConverter(typeof(JsonStringEnumConverter<PreviewKind>))]
public enum PreviewKind
{
    /// <summary>There is no preview; the reason says why.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("table")]
    Table,

    [JsonStringEnumMemberName("image")]
    Image,

    [JsonStringEnumMemberName("text")]
    Text,

    [JsonStringEnumMemberName("markdown")]
    Markdown,

    /// <summary>A JSON document that is no table: its keys and their types.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    [JsonStringEnumMemberName("model")]
    Model,

    [JsonStringEnumMemberName("confusionMatrix")]
    ConfusionMatrix,
}
