using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.ModelCards;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(WriteSection))]
[JsonSerializable(typeof(CardSectionView))]
[JsonSerializable(typeof(CardSectionsView))]
internal sealed partial class ModelCardsJson : JsonSerializerContext;
