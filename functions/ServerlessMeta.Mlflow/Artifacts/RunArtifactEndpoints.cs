using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Mlflow.Models;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Artifacts;

/// <summary>A run's artifacts, by the run: <c>/mlflow/artifacts/list</c>, <c>/get-artifact</c> and their like.</summary>
internal static class RunArtifactEndpoints
{
    private const long StandardExpiration = 900;

    public static void Map(IEndpointRouteBuilder routes, MlflowRoutes mlflow)
    {
        mlflow.Get("artifacts/list", ListAsync, "What lies in a folder of a run: run_id, path, max_results (10,000), page_token. Answers root_uri and files, their paths from the run's root.");
        mlflow.Post("artifacts/presigned-upload-url", PresignAsync,
            "An address to which a file of a run may be put once, past this store: run_id, path, expiration (seconds; 900, at most 7 days). It is listed as soon as it is there.");
        mlflow.Bytes(["POST"], "mlflow/upload-artifact", UploadAsync, "Store a file of a run: run_uuid and path in the query, the bytes as the body.");
        MapBytes(routes, "/get-artifact", GetAsync);
        MapBytes(routes, "/model-versions/get-artifact", GetOfVersionAsync);
    }

    private static void MapBytes(IEndpointRouteBuilder routes, string path, Func<MlflowRequest, Task> handle) => routes.MapMethods(path, ["GET", "HEAD"], async context =>
    {
        using var request = MlflowRequest.Unread(context);
        await handle(request);
    }).ExcludeFromDescription();

    private static async Task ListAsync(MlflowRequest request)
    {
        var (run, root) = await FindRootAsync(request);
        var relative = (request.Text("path") ?? "").TrimEnd('/');
        // The path counts from the run's root, so it is checked as a path also when that lies elsewhere.
        var folder = ArtifactRules.Below(root ?? default, relative, request);
        var max = request.Size("max_results", ArtifactProxyEndpoints.MaxEntries, ArtifactProxyEndpoints.MaxEntries);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await ArtifactProxyEndpoints.AnswerFolderAsync(
            root is null ? null : folder, max, ArtifactProxyEndpoints.Below(relative),
            json => json.WriteString("root_uri"u8, RunJson.ArtifactUri(run!.Info)), request);
    }

    private static async Task PresignAsync(MlflowRequest request)
    {
        var relative = request.Required("path");
        var seconds = request.Int("expiration") ?? StandardExpiration;
        if (seconds < 1 || seconds > DirectUploads.Longest.TotalSeconds)
        {
            request.Refuse(MlflowRequest.Invalid($"{seconds}", "expiration", $"It must be at least 1 and at most {DirectUploads.Longest.TotalSeconds} seconds."));
        }
        var path = await FindFileAsync(relative, request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        request.Context.Response.Headers.CacheControl = "no-store";
        var upload = await request.Service<DirectUploads>().PresignAsync(path, TimeSpan.FromSeconds(seconds), request.Aborted);
        await (upload.IsOk
            ? request.AnswerAsync(upload.Value, static (json, upload) =>
            {
                json.WriteString("presigned_url"u8, upload.Address.AbsoluteUri);
                json.WriteStartObject("headers"u8);
                foreach (var (name, value) in upload.Headers)
                {
                    json.WriteString(System.Text.Encoding.UTF8.GetBytes(name), value);
                }
                json.WriteEndObject();
            })
            : request.AnswerAsync(MlflowError.From(upload.Failure)));
    }

    private static async Task UploadAsync(MlflowRequest request)
    {
        var path = await FindFileAsync(request.Context.Request.Query["path"].ToString(), request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : ArtifactProxyEndpoints.UploadAsync(path, request));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var path = await FindFileAsync(request.Text("path") ?? "", request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : ArtifactProxyEndpoints.DownloadAsync(path, request));
    }

    private static async Task GetOfVersionAsync(MlflowRequest request)
    {
        var (name, number) = (request.Required("name"), ModelRules.VersionOf(request));
        var relative = request.Required("path");
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<ModelVersionStore>().FindAsync(name, number, request.Aborted);
        if (!found.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(new Failure.NotFound("ModelVersion", $"name={name}, version={number}")));
            return;
        }
        var folder = request.Service<ArtifactLocations>().Find(found.Value.Version.Location ?? found.Value.Version.Source);
        if (folder is null)
        {
            request.Refuse(MlflowError.Invalid("The artifacts of this model version lie elsewhere: its source names another place."));
        }
        var path = ArtifactRules.Below(folder ?? default, relative, request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : ArtifactProxyEndpoints.DownloadAsync(path, request));
    }

    private static async Task<ArtifactPath> FindFileAsync(string relative, MlflowRequest request)
    {
        if (relative.Length == 0)
        {
            request.Refuse(MlflowError.Missing("path"));
        }
        var (_, root) = await FindRootAsync(request);
        if (!request.IsFaulty && root is null)
        {
            request.Refuse(MlflowError.Invalid("The artifacts of this run lie elsewhere: its experiment names another place for them."));
        }
        return ArtifactRules.Below(root ?? default, relative, request);
    }

    // The run, and the folder of its files in this store (null: they lie elsewhere).
    private static async Task<(Run? Run, ArtifactPath? Root)> FindRootAsync(MlflowRequest request)
    {
        var query = request.Context.Request.Query;
        var text = HttpMethods.IsPost(request.Context.Request.Method) && query.ContainsKey("run_uuid") ? query["run_uuid"].ToString() : null;
        var id = text is null ? Rules.RunOf(request) : Rules.RunOf(text, request);
        if (request.IsFaulty)
        {
            return default;
        }
        if (await request.Service<RunStore>().FindAsync(id, request.Aborted) is not { } run)
        {
            request.Refuse(MlflowError.From(new Failure.NotFound("Run", id.ToString())));
            return default;
        }
        return (run, request.Service<ArtifactLocations>().OfRun(run.Info));
    }
}
