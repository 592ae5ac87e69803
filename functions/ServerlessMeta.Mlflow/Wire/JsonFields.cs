using System.Text.Json;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>The fields of one JSON object, by snake_case name; camelCase is accepted too. Of equal names the last wins; null is absent.</summary>
internal readonly struct JsonFields(JsonElement element)
{
    public string? Text(string name, string path, MlflowRequest request)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.String)
        {
            return value.GetString();
        }
        request.Refuse(MlflowRequest.Invalid(value.GetRawText(), path));
        return null;
    }

    public string Required(string name, string path, MlflowRequest request)
    {
        var text = Text(name, path, request);
        if (string.IsNullOrEmpty(text))
        {
            request.Refuse(MlflowError.Missing(path));
        }
        return text ?? "";
    }

    /// <summary>A member of an enumeration: its name, or its number as a text.</summary>
    public string? Member(string name, string path, MlflowRequest request) =>
        Find(name) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(name, path, request);

    public bool? Flag(string name, string path, MlflowRequest request)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }
        request.Refuse(MlflowRequest.Invalid(value.GetRawText(), path));
        return null;
    }

    public long? Int(string name, string path, MlflowRequest request)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && (value.TryGetInt64(out var whole) || Numbers.TryWhole(value, out whole)))
        {
            return whole;
        }
        if (value.ValueKind is JsonValueKind.String && Numbers.TryInt(value.GetString()!, out whole))
        {
            return whole;
        }
        request.Refuse(MlflowRequest.Invalid(value.GetRawText(), path));
        return null;
    }

    /// <summary>A metric's value: a number, NaN or an infinity as text, a numeric text, or true and false as 1 and 0.</summary>
    public double? Value(string name, string path, MlflowRequest request)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return value.GetDouble();
            case JsonValueKind.True:
                return 1;
            case JsonValueKind.False:
                return 0;
            case JsonValueKind.String when Numbers.TryValue(value.GetString()!, out var number):
                return number;
            default:
                request.Refuse(MlflowRequest.Invalid(value.GetRawText(), path));
                return null;
        }
    }

    public IReadOnlyList<string> Texts(string name, MlflowRequest request)
    {
        var texts = new List<string>();
        foreach (var item in Items(name, request))
        {
            if (item.ValueKind is JsonValueKind.String)
            {
                texts.Add(item.GetString()!);
            }
            else
            {
                request.Refuse(MlflowRequest.Invalid(item.GetRawText(), name));
            }
        }
        return texts;
    }

    /// <summary>The objects of a list; none when absent.</summary>
    public List<JsonFields> List(string name, MlflowRequest request)
    {
        var objects = new List<JsonFields>();
        foreach (var item in Items(name, request))
        {
            if (item.ValueKind is not JsonValueKind.Object)
            {
                request.Refuse(MlflowRequest.Invalid(item.GetRawText(), name));
            }
            else
            {
                objects.Add(new JsonFields(item));
            }
        }
        return objects;
    }

    public JsonFields Object(string name) => Find(name) is { ValueKind: JsonValueKind.Object } value ? new JsonFields(value) : default;

    private List<JsonElement> Items(string name, MlflowRequest request)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }
        if (value.ValueKind is JsonValueKind.Array)
        {
            return [.. value.EnumerateArray()];
        }
        request.Refuse(MlflowRequest.Invalid(value.GetRawText(), name));
        return [];
    }

    private JsonElement? Find(string name)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }
        return (element.TryGetProperty(name, out var value) || (name.Contains('_', StringComparison.Ordinal) && element.TryGetProperty(CamelNames.Of(name), out value)))
            && value.ValueKind is not JsonValueKind.Null ? value : null;
    }
}
