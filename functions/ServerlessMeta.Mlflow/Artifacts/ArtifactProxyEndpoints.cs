using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Artifacts;

/// <summary><c>/mlflow-artifacts/...</c>: files by path, by way of this store or past it.</summary>
internal static class ArtifactProxyEndpoints
{
    /// <summary>The size of a page where clients ask for none but go on by its token.</summary>
    public const int MaxEntries = 10_000;

    private const string PathValue = "path";
    private static readonly TimeSpan DownloadGoodFor = TimeSpan.FromMinutes(15);

    public static void Map(MlflowRoutes routes)
    {
        const string Files = "mlflow-artifacts/artifacts/{**" + PathValue + "}";
        routes.Bytes(["PUT"], Files, PutAsync, "Store a file. Content-MD5 and Content-Digest (sha-256) are checked when given; a file at the path is replaced.");
        routes.Bytes(["GET", "HEAD"], Files, GetAsync, "A file's bytes: ranges, ETag, If-None-Match; with verify=true they are compared with what was stored first.");
        routes.Bytes(["DELETE"], Files, DeleteAsync, "Delete a file, or a folder with everything in it. It may be repeated.");
        routes.Json("GET", "mlflow-artifacts/artifacts", ListAsync, "What lies in a folder: path, max_results and page_token (all when absent).");
        routes.Json("POST", "mlflow-artifacts/mpu/create/{**" + PathValue + "}", CreateAsync, "Begin an upload in parts: path, num_parts. Answers upload_id and an address for each part.");
        routes.Json("POST", "mlflow-artifacts/mpu/complete/{**" + PathValue + "}", CompleteAsync, "Make a file of the parts: path, upload_id, parts.");
        routes.Json("POST", "mlflow-artifacts/mpu/abort/{**" + PathValue + "}", AbortAsync, "Give the parts up: path, upload_id.");
        routes.Bytes(["GET"], "mlflow-artifacts/presigned/{**" + PathValue + "}", PresignAsync, "An address from which a file may be read for 15 minutes: url, headers, file_size.");
    }

    private static async Task PutAsync(MlflowRequest request)
    {
        var path = ArtifactRules.PathOf(PathValue, request);
        await UploadAsync(path, request);
    }

    /// <summary>Stores the body of a request at a path.</summary>
    public static async Task UploadAsync(ArtifactPath path, MlflowRequest request)
    {
        var declared = ArtifactRules.DeclaredOf(request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var put = await request.Service<ArtifactStore>().PutAsync(path, ArtifactRules.BodyOf(request), declared, request.Aborted);
        if (put.IsOk)
        {
            request.Context.Response.Headers.ETag = $"\"{put.Value.Sha256}\"";
        }
        await request.AnswerAsync(put.Failure);
    }

    private static Task GetAsync(MlflowRequest request) => DownloadAsync(ArtifactRules.PathOf(PathValue, request), request);

    /// <summary>Answers a file's bytes.</summary>
    public static async Task DownloadAsync(ArtifactPath path, MlflowRequest request)
    {
        var verify = request.Context.Request.Query["verify"].ToString();
        if (verify is not ("" or "true" or "false"))
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(verify), "verify", "It is true or false."));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var store = request.Service<ArtifactStore>();
        if (await store.FindAsync(path, request.Aborted) is not { } file)
        {
            await request.AnswerAsync(MlflowError.NotFound($"No such artifact: '{path}'"));
            return;
        }
        if (verify is "true")
        {
            var verified = await request.Service<ContentVerifier>().VerifyAsync(file, request.Aborted);
            if (!verified.IsOk)
            {
                await request.AnswerAsync(verified.Failure);
                return;
            }
            file = verified.Value;
        }
        await new FileAnswer(file, store.Open(file)).ExecuteAsync(request.Context);
    }

    private static async Task DeleteAsync(MlflowRequest request)
    {
        var path = ArtifactRules.PathOf(PathValue, request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync(await request.Service<ArtifactStore>().DeleteAsync(path, request.Aborted)));
    }

    private static async Task ListAsync(MlflowRequest request)
    {
        var folder = ArtifactRules.PathOfField("path", request);
        var max = request.Text("max_results") is null ? (int?)null : request.Size("max_results", 1000, 50_000);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await AnswerFolderAsync(folder, max, static (json, entry) => WriteEntry(json, entry, entry.Name), null, request);
    }

    /// <summary>Answers what lies in a folder: a page when a size or a token is given, else everything as it is read.</summary>
    public static async Task AnswerFolderAsync(ArtifactPath? folder, int? max, Action<MlflowWriter, ArtifactEntry> write, Action<MlflowWriter>? before, MlflowRequest request)
    {
        var token = request.Text("page_token");
        var store = request.Service<ArtifactStore>();
        if (folder is { } place && (max is not null || !string.IsNullOrEmpty(token)))
        {
            var page = await store.ListAsync(place, max ?? 1000, token, request.Aborted);
            await (page.IsOk
                ? request.AnswerAsync(page.Value, (json, found) =>
                {
                    before?.Invoke(json);
                    json.WriteList("files"u8, found.Items, write);
                    json.WriteString("next_page_token"u8, found.Next);
                })
                : request.AnswerAsync(MlflowError.From(page.Failure)));
            return;
        }
        await request.AnswerAsync(async json =>
        {
            before?.Invoke(json);
            if (folder is { } all)
            {
                await json.WriteListAsync("files", store.ListEntriesAsync(all, request.Aborted), write, request.Aborted);
            }
        });
    }

    /// <summary>Writes entries of a folder with their paths from the root that <paramref name="relative"/> counts from.</summary>
    public static Action<MlflowWriter, ArtifactEntry> Below(string relative) => (json, entry) => WriteEntry(json, entry, relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}");

    private static void WriteEntry(MlflowWriter json, ArtifactEntry entry, string path)
    {
        json.WriteString("path"u8, path);
        json.WriteBoolean("is_dir"u8, entry.IsFolder);
        if (entry.Size is { } size)
        {
            json.WriteNumber("file_size"u8, size);
        }
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        FileOf(request);
        var parts = request.Int("num_parts");
        if (parts is null)
        {
            request.Refuse(MlflowError.Missing("num_parts"));
        }
        else if (parts is < 1 or > DirectUploads.MaxParts)
        {
            request.Refuse(MlflowRequest.Invalid($"{parts}", "num_parts", $"It must be at least 1 and at most {DirectUploads.MaxParts}."));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var upload = await request.Service<DirectUploads>().BeginAsync((int)parts!.Value, request.Aborted);
        request.Context.Response.Headers.CacheControl = "no-store";
        await request.AnswerAsync(upload, static (json, upload) =>
        {
            json.WriteString("upload_id"u8, upload.Id);
            var number = 0;
            json.WriteList("credentials"u8, upload.Parts, (json, address) =>
            {
                json.WriteString("url"u8, address.AbsoluteUri);
                json.WriteNumber("part_number"u8, ++number);
                json.WriteStartObject("headers"u8);
                json.WriteEndObject();
            });
        });
    }

    private static async Task CompleteAsync(MlflowRequest request)
    {
        var path = FileOf(request);
        var id = request.Required("upload_id");
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var part in request.Body.List("parts", request))
        {
            var number = part.Int("part_number", "part_number", request);
            if (number is null or < 1 or > DirectUploads.MaxParts)
            {
                request.Refuse(MlflowRequest.Invalid($"{number}", "part_number", $"It must be at least 1 and at most {DirectUploads.MaxParts}."));
            }
            numbers.Add((int)Math.Clamp(number ?? 1, 1, DirectUploads.MaxParts));
        }
        if (numbers.Count == 0)
        {
            request.Refuse(MlflowError.Missing("parts"));
        }
        if (numbers.Count != numbers.Distinct().Count())
        {
            request.Refuse(MlflowError.Invalid("Invalid value for parameter 'parts' supplied: a part_number comes twice."));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await request.AnswerAsync(await request.Service<DirectUploads>().CompleteAsync(path, id, [.. numbers.Order()], request.Aborted));
    }

    private static async Task AbortAsync(MlflowRequest request)
    {
        FileOf(request);
        var id = request.Required("upload_id");
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync(await request.Service<DirectUploads>().AbortAsync(id, request.Aborted)));
    }

    private static async Task PresignAsync(MlflowRequest request)
    {
        var path = ArtifactRules.PathOf(PathValue, request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        if (await request.Service<ArtifactStore>().FindAsync(path, request.Aborted) is not { } file)
        {
            await request.AnswerAsync(MlflowError.NotFound($"No such artifact: '{path}'"));
            return;
        }
        var address = await request.Service<DirectUploads>().PresignAsync(file, DownloadGoodFor, request.Aborted);
        request.Context.Response.Headers.CacheControl = "no-store";
        await request.AnswerAsync((address, file.Size), static (json, found) =>
        {
            json.WriteString("url"u8, found.address.AbsoluteUri);
            json.WriteStartObject("headers"u8);
            json.WriteEndObject();
            json.WriteNumber("file_size"u8, found.Size);
        });
    }

    // The folder stands in the route, the file's name at the end of the path in the body, which a client takes from its own disk.
    private static ArtifactPath FileOf(MlflowRequest request)
    {
        var folder = ArtifactRules.PathOf(PathValue, request);
        var local = request.Required("path");
        var name = local[(local.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length == 0)
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(local), "path", "It names no file."));
        }
        return ArtifactRules.Below(folder, name, request);
    }
}
