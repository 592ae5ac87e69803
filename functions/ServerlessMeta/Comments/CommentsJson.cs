using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Comments;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(WriteComment))]
[JsonSerializable(typeof(EditComment))]
[JsonSerializable(typeof(CommentView))]
[JsonSerializable(typeof(CommentPage))]
[JsonSerializable(typeof(MentionPage))]
[JsonSerializable(typeof(FeedPage))]
internal sealed partial class CommentsJson : JsonSerializerContext;
