using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// What is sent: <c>{"entity":"model_version_tag","action":"set","timestamp":"2026-01-02T03:04:05.678000+00:00","data":{"name":...,"version":...,"key":...,"value":...}}</c>.
/// Data named <c>tags.{key}</c> make one object <c>tags</c>, which events of models and versions always have.
/// </summary>
internal static class WebhookPayload
{
    private const string TagPrefix = "tags.";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(WebhookEvent what, DateTimeOffset at, IReadOnlyList<KeyValuePair<string, string?>> data)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("entity"u8, what.Entity);
            json.WriteString("action"u8, what.Action);
            json.WriteString("timestamp"u8, at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture));
            json.WriteStartObject("data"u8);
            foreach (var (name, value) in data.Where(static pair => !IsTag(pair.Key)))
            {
                json.WriteString(name, value);
            }
            if (what.HasTags || data.Any(static pair => IsTag(pair.Key)))
            {
                json.WriteStartObject("tags"u8);
                foreach (var (name, value) in data.Where(static pair => IsTag(pair.Key)))
                {
                    json.WriteString(name[TagPrefix.Length..], value);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a test call tells.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Example(WebhookEvent what)
    {
        var of = what.Entity.StartsWith("prompt", StringComparison.Ordinal) ? "prompt" : "model";
        List<KeyValuePair<string, string?>> data = [new("name", $"example_{of}")];
        void Tell(string name, string value) => data.Add(new(name, value));
        switch (what.Entity)
        {
            case "registered_model":
                Tell("description", "An example registered model");
                break;
            case "prompt":
                Tell("description", "An example prompt");
                break;
            case "model_version":
                Tell("version", "1");
                Tell("source", "runs:/abcd1234abcd5678/model");
                Tell("run_id", "abcd1234abcd5678");
                Tell("description", "An example model version");
                break;
            case "prompt_version":
                Tell("version", "1");
                Tell("template", "Hello {{name}}!");
                Tell("description", "An example prompt version");
                break;
            case "model_version_alias" or "prompt_alias":
                Tell("alias", "example_alias");
                if (what.Action == "created")
                {
                    Tell("version", "1");
                }
                break;
            default:
                if (what.Entity != "prompt_tag")
                {
                    Tell("version", "1");
                }
                Tell("key", "example_key");
                if (what.Action == "set")
                {
                    Tell("value", "example_value");
                }
                break;
        }
        if (what.HasTags)
        {
            Tell(TagPrefix + "example_key", "example_value");
        }
        return data;
    }

    private static bool IsTag(string name) => name.StartsWith(TagPrefix, StringComparison.Ordinal);
}
