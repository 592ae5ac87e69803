using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Reads the body of a registration and finds every fault in it, not the first alone.</summary>
internal sealed partial class RegistrationReader
{
    public const int DigestLength = 128;
    public const int LocationLength = 2048;
    private const int DescriptionLength = 5000;
    private const int MetadataKeys = 100;
    private const int MetadataKeyLength = 250;
    private const int MetadataValueLength = 5000;

    private static readonly string[] Fields = ["name", "type", "uri", "md5", "sha256", "digest", "size", "schema", "metadata", "producedBy", "description"];

    private readonly List<Failure.Invalid> faults = [];
    private readonly Dictionary<string, JsonElement> given = new(StringComparer.Ordinal);

    private RegistrationReader()
    {
    }

    /// <returns>The registration, or its faults.</returns>
    public static (Registration? Wanted, IReadOnlyList<Failure.Invalid> Faults) Read(JsonElement body)
    {
        var reader = new RegistrationReader();
        var wanted = reader.ReadAll(body);
        return reader.faults.Count == 0 ? (wanted, []) : (null, reader.faults);
    }

    private Registration? ReadAll(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            Refuse("body", "A JSON object is expected.");
            return null;
        }
        if (!JsonTexts.IsText(body))
        {
            Refuse("body", "A lone surrogate is no text.");
            return null;
        }
        foreach (var member in body.EnumerateObject())
        {
            if (Array.IndexOf(Fields, member.Name) < 0)
            {
                Refuse(Short(member.Name), $"There is no such field; there are {string.Join(", ", Fields)}.");
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                given[member.Name] = member.Value;
            }
        }
        var name = Required("name", int.MaxValue);
        if (name is not null && ArtifactName.Refuse(name) is { } wrong)
        {
            Refuse("name", wrong);
        }
        var word = Required("type", int.MaxValue);
        var type = word is null ? null : ArtifactTypes.Find(word);
        if (word is not null && type is null)
        {
            Refuse("type", $"A type is one of {string.Join(", ", ArtifactTypes.Words)}.");
        }
        return new Registration(name ?? "", type ?? ArtifactType.Other, Digests(), Location())
        {
            Size = Size(),
            Schema = Schema(),
            Metadata = Metadata(),
            ProducedBy = ProducedBy(),
            Description = Text("description", DescriptionLength),
        };
    }

    private ArtifactDigests Digests()
    {
        var md5 = Hex("md5", DigestKind.Md5);
        var sha256 = Hex("sha256", DigestKind.Sha256);
        var text = Text("digest", DigestLength);
        if (text is "")
        {
            Refuse("digest", "A digest is not empty.");
        }
        if (!given.ContainsKey("md5") && !given.ContainsKey("sha256") && !given.ContainsKey("digest"))
        {
            Refuse("md5", "At least one of md5, sha256 and digest is needed.");
        }
        var digests = new ArtifactDigests(md5, sha256, null);
        var other = text is null or "" ? null : ArtifactDigests.Of(KnownDigest.Of(text));
        if (other is not null && digests.Contradicts(other) is { } kind)
        {
            Refuse("digest", $"It is another {KnownDigest.WordOf(kind)} than {KnownDigest.WordOf(kind)} says.");
        }
        return other is null ? digests : digests.With(other);
    }

    private string? Hex(string field, DigestKind kind)
    {
        var text = Text(field, int.MaxValue);
        if (text is not null && KnownDigest.Of(text) is var digest)
        {
            if (digest.Kind == kind)
            {
                return digest.Value;
            }
            Refuse(field, $"{(kind is DigestKind.Md5 ? 32 : 64)} hex digits are expected.");
        }
        return null;
    }

    private string? Location()
    {
        var uri = Required("uri", LocationLength);
        if (uri is null)
        {
            return null;
        }
        if (!UriPattern.IsMatch(uri) || uri.Any(char.IsControl))
        {
            Refuse("uri", "A URI with a scheme, or an absolute path, is expected.");
        }
        else if (LocationSecrets.IsIn(uri))
        {
            Refuse("uri", "A location holds no password and no signature: everyone who sees the artifact sees it.");
        }
        return uri;
    }

    private long? Size()
    {
        if (!given.TryGetValue("size", out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var size) && size >= 0)
        {
            return size;
        }
        Refuse("size", $"A whole number of bytes from 0 to {long.MaxValue} is expected.");
        return null;
    }

    private string? Schema()
    {
        if (!given.TryGetValue("schema", out var value))
        {
            return null;
        }
        var json = value.GetRawText();
        if (SchemaText.Refuse(json) is { } wrong)
        {
            Refuse("schema", wrong);
        }
        return json;
    }

    private ImmutableArray<Tag> Metadata()
    {
        if (!given.TryGetValue("metadata", out var value))
        {
            return [];
        }
        if (value.ValueKind is not JsonValueKind.Object)
        {
            Refuse("metadata", "An object of texts is expected.");
            return [];
        }
        var pairs = ImmutableArray.CreateBuilder<Tag>();
        foreach (var member in value.EnumerateObject())
        {
            var (field, text) = ($"metadata.{Short(member.Name)}", member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString() : null);
            if (member.Name.Length is 0 or > MetadataKeyLength)
            {
                Refuse(field, $"A key has 1 to {MetadataKeyLength} characters.");
            }
            if (text is null or { Length: > MetadataValueLength })
            {
                Refuse(field, $"A text of up to {MetadataValueLength} characters is expected.");
            }
            pairs.Add(new Tag(member.Name, text ?? ""));
        }
        if (pairs.Count > MetadataKeys || pairs.Sum(PackedFields.Measure) > ArtifactVersion.MetadataBytes)
        {
            Refuse("metadata", $"Metadata has up to {MetadataKeys} keys and {ArtifactVersion.MetadataBytes} bytes.");
        }
        return pairs.ToImmutable();
    }

    private RunId? ProducedBy()
    {
        if (Text("producedBy", int.MaxValue) is not { } text)
        {
            return null;
        }
        if (RunId.TryParse(text, CultureInfo.InvariantCulture, out var run))
        {
            return run;
        }
        Refuse("producedBy", "A run id is expected: 32 hex digits.");
        return null;
    }

    private string? Required(string field, int length)
    {
        if (!given.ContainsKey(field))
        {
            Refuse(field, "It is needed.");
        }
        return Text(field, length);
    }

    private string? Text(string field, int length)
    {
        if (!given.TryGetValue(field, out var value))
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.String)
        {
            Refuse(field, "A text is expected.");
            return null;
        }
        var text = value.GetString()!;
        if (text.Length > length)
        {
            Refuse(field, $"It has up to {length} characters.");
        }
        return text;
    }

    private void Refuse(string field, string detail)
    {
        // Enough to mend a request by.
        if (faults.Count < 100)
        {
            faults.Add(new Failure.Invalid(field, detail));
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";

    [GeneratedRegex(@"^(?:/|[a-zA-Z][a-zA-Z0-9+.\-]*:).+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UriPattern { get; }
}
