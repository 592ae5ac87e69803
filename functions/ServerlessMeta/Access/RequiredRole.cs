using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Access;

/// <summary>
/// The role that an endpoint asks for, as its metadata. Endpoints without it ask for <see cref="Access.Role.Reader"/> where the method reads and for
/// <see cref="Access.Role.Writer"/> where it does not.
/// </summary>
public sealed record RequiredRole(Role Role)
{
    /// <summary>What a call of an endpoint by a method needs. Finer rules of access begin here.</summary>
    public static Role Of(Endpoint endpoint, string method) => endpoint.Metadata.GetMetadata<RequiredRole>()?.Role
        ?? (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? Role.Reader : Role.Writer);
}
