using Microsoft.AspNetCore.Builder;

namespace ServerlessMeta.Access;

/// <summary>Lets routes say which role they need.</summary>
public static class RequiredRoles
{
    /// <summary>Asks for a role, whatever the method; an endpoint's own word counts more than its group's.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder routes, Role role)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new RequiredRole(role));
}
