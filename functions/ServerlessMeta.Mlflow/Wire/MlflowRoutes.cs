using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>Maps handlers under the client's path and the browser's.</summary>
internal sealed class MlflowRoutes(IEndpointRouteBuilder routes)
{
    private const int MaxBodyBytes = 32 * 1024 * 1024;
    private static readonly string[] Roots = ["/api", "/ajax-api"];

    public void Get(string path, Func<MlflowRequest, Task> handle, string summary, string version = "2.0", Role? role = null) => Map(["GET"], path, handle, summary, MaxBodyBytes, version, role);

    /// <param name="role">What a caller needs; null: the method decides.</param>
    public void Post(string path, Func<MlflowRequest, Task> handle, string summary, int maxBytes = MaxBodyBytes, Role? role = null) => Map(["POST"], path, handle, summary, maxBytes, "2.0", role);

    /// <summary>Maps a POST that only reads, and so asks for <see cref="Role.Reader"/>.</summary>
    public void Query(string path, Func<MlflowRequest, Task> handle, string summary) => Map(["POST"], path, handle, summary, MaxBodyBytes, "2.0", Role.Reader);

    public void Patch(string path, Func<MlflowRequest, Task> handle, string summary, Role? role = null) => Map(["PATCH"], path, handle, summary, MaxBodyBytes, "2.0", role);

    public void Delete(string path, Func<MlflowRequest, Task> handle, string summary, Role? role = null) => Map(["DELETE"], path, handle, summary, MaxBodyBytes, "2.0", role);

    /// <summary>Maps a read that clients make with either method.</summary>
    public void GetOrPost(string path, Func<MlflowRequest, Task> handle, string summary) => Map(["GET", "POST"], path, handle, summary, MaxBodyBytes, "2.0", Role.Reader);

    /// <summary>Maps a handler that reads the body itself: bytes, not JSON.</summary>
    public void Bytes(string[] methods, string path, Func<MlflowRequest, Task> handle, string summary) => MapAll(methods, $"2.0/{path}", async context =>
    {
        using var request = MlflowRequest.Unread(context);
        await handle(request);
    }, path, summary);

    /// <summary>Maps a handler of JSON outside <c>/mlflow/</c>.</summary>
    public void Json(string method, string path, Func<MlflowRequest, Task> handle, string summary) => MapAll([method], $"2.0/{path}", Reading(handle, MaxBodyBytes), path, summary);

    private void Map(string[] methods, string path, Func<MlflowRequest, Task> handle, string summary, int maxBytes, string version, Role? role = null) =>
        MapAll(methods, $"{version}/mlflow/{path}", Reading(handle, maxBytes), path, summary, role);

    private static RequestDelegate Reading(Func<MlflowRequest, Task> handle, int maxBytes) => async context =>
    {
        using var request = await MlflowRequest.ReadAsync(context, maxBytes);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await handle(request);
    };

    private void MapAll(string[] methods, string full, RequestDelegate run, string path, string summary, Role? role = null)
    {
        foreach (var root in Roots)
        {
            var endpoint = routes.MapMethods($"{root}/{full}", methods, run);
            if (role is { } needed)
            {
                endpoint.RequireRole(needed);
            }
            if (root == Roots[0])
            {
                endpoint.WithSummary(summary).WithTags(path.Split('/')[0]).WithMetadata(run.Method);
            }
            else
            {
                endpoint.ExcludeFromDescription();
            }
        }
    }
}
