using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Mlflow.Wire;

namespace ServerlessMeta.Mlflow.Service;

internal static class ServiceEndpoints
{
    /// <summary>The protocol's version that clients are told; they decide by it what they may ask.</summary>
    private const string Version = "3.11.0";

    // Groups of the protocol that come later: the client is told, and does not retry.
    private static readonly string[] Later =
    [
        "/2.0/mlflow/traces", "/3.0/mlflow/traces", "/3.0/mlflow/datasets", "/3.0/mlflow/scorers",
    ];

    public static void Map(IEndpointRouteBuilder routes, MlflowRoutes mlflow)
    {
        routes.MapGet("/health", static (HttpContext context) => context.Response.WriteAsync("OK", context.RequestAborted)).ExcludeFromDescription();
        routes.MapGet("/version", static (HttpContext context) => context.Response.WriteAsync(Version, context.RequestAborted)).ExcludeFromDescription();
        mlflow.Get("server-info", static request => request.AnswerAsync(0, static (json, _) =>
        {
            json.WriteString("store_type"u8, "SqlStore");
            json.WriteBoolean("workspaces_enabled"u8, false);
        }), "What kind of store this is.", "3.0");
        foreach (var group in Later)
        {
            foreach (var root in (string[])["/api", "/ajax-api"])
            {
                routes.Map($"{root}{group}/{{**rest}}", RefuseAsync).ExcludeFromDescription();
            }
        }
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        // The verb does not matter here, so the body is not read.
        using var request = MlflowRequest.Unread(context);
        await request.AnswerAsync(new MlflowError(StatusCodes.Status501NotImplemented, "NOT_IMPLEMENTED", $"{context.Request.Path} is not implemented."));
    }
}
