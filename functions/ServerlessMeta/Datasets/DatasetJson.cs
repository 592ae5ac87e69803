using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Datasets;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DatasetRecord))]
internal sealed partial class DatasetJson : JsonSerializerContext
{
    /// <summary>Text as it is: nothing here goes into a page, and an escape takes six bytes of the row for a letter's two or three.</summary>
    public static DatasetJson Stored { get; } = new(new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
