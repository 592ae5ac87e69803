using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using ServerlessMeta.Environments;

namespace ServerlessMeta.ModelCards;

/// <summary>
/// The bill of materials of a version: CycloneDX 1.6 in JSON (ECMA-424), the model as a component of type machine-learning-model with its model card, and its files, data and
/// packages as components that it depends on. Made of records alone, and the same bytes for the same records: the serial number is made of the content.
/// </summary>
internal static class BomDocument
{
    private const string ModelRef = "model";
    private const string RecordProperty = "serverlessmeta:record";

    public static byte[] Write(Dossier dossier)
    {
        var content = Write(dossier, serial: null);
        return Write(dossier, SerialOf(content));
    }

    private static byte[] Write(Dossier dossier, string? serial)
    {
        var json = new CanonicalJson(isForPeople: true);
        json.Object(null, () =>
        {
            json.Text("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json").Text("bomFormat", "CycloneDX").Text("specVersion", "1.6").TextIf("serialNumber", serial).Number("version", 1);
            json.Object("metadata", () =>
            {
                json.Text("timestamp", Moments.Text(dossier.Version.CreatedAt));
                json.Object("tools", () => json.List("components", ["ServerlessMeta"], tool => json.Object(null, () => json.Text("type", "application").Text("name", tool))));
                json.Object("component", () => Model(json, dossier));
            });
            json.List("components", Components(dossier), write => json.Object(null, () => write(json)));
            var refs = RefsOf(dossier);
            json.List("dependencies", [ModelRef], one => json.Object(null, () => json.Text("ref", one).List("dependsOn", refs, part => json.Text(null, part))));
        });
        return [.. json.ToUtf8(), (byte)'\n'];
    }

    private static void Model(CanonicalJson json, Dossier dossier)
    {
        var (model, version) = (dossier.Model, dossier.Version);
        json.Text("type", "machine-learning-model").Text("bom-ref", ModelRef);
        if ((version.Owner ?? model.Owner) is { } owner)
        {
            json.List("authors", [owner], author => json.Object(null, () => json.Text("name", author)));
        }
        json.Text("name", model.Name).Text("version", version.Number.ToString(CultureInfo.InvariantCulture)).TextIf("description", version.Description ?? model.Description);
        if (Address(dossier.Run?.Remote) is { } remote)
        {
            json.List("externalReferences", [remote], address => json.Object(null, () => json.Text("url", address).TextIf("comment", dossier.Run!.Commit is { } commit ? $"commit {commit}" : null).Text("type", "vcs")));
        }
        json.Object("modelCard", () => ModelCard(json, dossier));
        List<(string Name, string Value)> properties = [(RecordProperty, $"model:{model.Number}/{dossier.VersionRecord}"), ("serverlessmeta:source", version.Source), ("serverlessmeta:author", version.Author)];
        if (dossier.Run is { } run)
        {
            properties.Add(("serverlessmeta:run", run.Id));
            properties.AddRange(run.EnvironmentDigest is { } environment ? [("serverlessmeta:environment", environment)] : []);
            properties.AddRange(run.Commit is { } commit ? [("serverlessmeta:commit", commit)] : []);
        }
        properties.AddRange(dossier.Params.Select(static param => ($"serverlessmeta:param:{param.Key}", param.Value)));
        Properties(json, properties);
    }

    private static void ModelCard(CanonicalJson json, Dossier dossier)
    {
        json.Object("modelParameters", () => json.List("datasets", Refs(dossier.Datasets, DataRef), reference => json.Object(null, () => json.Text("ref", reference))));
        json.Object("quantitativeAnalysis", () => json.List("performanceMetrics", dossier.Metrics, metric => json.Object(null, () =>
        {
            json.Text("type", metric.Key).Text("value", Number(metric.Value)).Text("slice", metric.Slice is null ? metric.Dataset : $"{metric.Dataset}: {metric.Slice}");
            if (metric is { Low: { } low, High: { } high })
            {
                json.Object("confidenceInterval", () => json.Text("lowerBound", Number(low)).Text("upperBound", Number(high)));
            }
        })));
        json.Object("considerations", () =>
        {
            Section("useCases", "purpose");
            Section("technicalLimitations", "limits");
            if (dossier.Sections.TryGetValue("ethics", out var ethics))
            {
                json.List("ethicalConsiderations", [ethics], written => json.Object(null, () => json.Text("name", written.Text)));
            }
        });

        void Section(string name, string section)
        {
            if (dossier.Sections.TryGetValue(section, out var written))
            {
                json.List(name, [written], text => json.Text(null, text.Text));
            }
        }
    }

    private static List<Action<CanonicalJson>> Components(Dossier dossier)
    {
        var components = new List<Action<CanonicalJson>>();
        for (var i = 0; i < dossier.Files.Length; i++)
        {
            var (file, reference) = (dossier.Files[i], FileRef(i));
            components.Add(json =>
            {
                json.Text("type", "file").Text("bom-ref", reference).Text("name", file.Path);
                Hashes(json, file.Md5, file.Sha256);
                Properties(json, [("serverlessmeta:bytes", file.Size.ToString(CultureInfo.InvariantCulture)), (RecordProperty, dossier.VersionRecord)]);
            });
        }
        for (var i = 0; i < dossier.Datasets.Length; i++)
        {
            var (dataset, reference) = (dossier.Datasets[i], DataRef(i));
            components.Add(json =>
            {
                json.Text("type", "data").Text("bom-ref", reference).Text("name", dataset.Name).TextIf("version", dataset.Version);
                Hashes(json, dataset.Md5, dataset.Sha256);
                json.List("data", [dataset], one => json.Object(null, () => json.Text("type", "dataset").Text("name", one.Name)));
                Properties(json,
                [
                    (RecordProperty, dataset.Record), .. dataset.OtherDigest is { } digest ? [("serverlessmeta:digest", digest)] : Array.Empty<(string, string)>(),
                    .. dataset.Source is { } source ? [("serverlessmeta:source", source)] : Array.Empty<(string, string)>(),
                ]);
            });
        }
        for (var i = 0; i < dossier.Packages.Length; i++)
        {
            var (package, reference) = (dossier.Packages[i], PackageRef(i));
            components.Add(json => json.Text("type", package.Ecosystem is Ecosystem.Language ? "platform" : "library").Text("bom-ref", reference).Text("name", package.Name)
                .TextIf("version", package.Version).TextIf("purl", package.Url));
        }
        return components;
    }

    private static void Hashes(CanonicalJson json, string? md5, string? sha256)
    {
        List<(string Algorithm, string Digest)> known = [.. md5 is null ? Array.Empty<(string, string)>() : [("MD5", md5)], .. sha256 is null ? Array.Empty<(string, string)>() : [("SHA-256", sha256)]];
        if (known.Count > 0)
        {
            json.List("hashes", known, hash => json.Object(null, () => json.Text("alg", hash.Algorithm).Text("content", hash.Digest)));
        }
    }

    private static void Properties(CanonicalJson json, List<(string Name, string Value)> properties) =>
        json.List("properties", properties, property => json.Object(null, () => json.Text("name", property.Name).Text("value", property.Value)));

    private static ImmutableArray<string> RefsOf(Dossier dossier) =>
        [.. Refs(dossier.Files, FileRef), .. Refs(dossier.Datasets, DataRef), .. Refs(dossier.Packages, PackageRef)];

    private static ImmutableArray<string> Refs<T>(ImmutableArray<T> items, Func<int, string> of) => [.. Enumerable.Range(0, items.Length).Select(of)];

    private static string FileRef(int number) => string.Create(CultureInfo.InvariantCulture, $"file-{number + 1}");

    private static string DataRef(int number) => string.Create(CultureInfo.InvariantCulture, $"data-{number + 1}");

    private static string PackageRef(int number) => string.Create(CultureInfo.InvariantCulture, $"package-{number + 1}");

    // Only what is an address for certain: a remote like git@host:path is none, and stands among the properties.
    private static string? Address(string? remote) => Uri.TryCreate(remote, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "ssh" or "git" ? uri.AbsoluteUri : null;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // A UUID of version 8 (RFC 9562): ours, of the content's digest.
    private static string SerialOf(byte[] content)
    {
        var bytes = SHA256.HashData(content)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }
}
