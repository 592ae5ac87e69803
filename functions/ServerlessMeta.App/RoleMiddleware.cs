using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>Refuses callers whose role is less than the endpoint asks for. It runs when the endpoint is known and before it does.</summary>
internal sealed class RoleMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Endpoints of the routing itself answer 405 and the like, to anyone.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }
        var (caller, needed) = (Caller.Current, RequiredRole.Of(endpoint, context.Request.Method));
        return caller.Role >= needed
            ? next(context)
            : Answers.WriteAsync(context, StatusCodes.Status403Forbidden, "PERMISSION_DENIED",
                $"{context.Request.Method} {context.Request.Path} needs the role {Roles.WordOf(needed)}; {caller.Name} has the role {Roles.WordOf(caller.Role)}.");
    }
}
