using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Finds the model, and the version, that the path of a native request names; also those that are deleted, for their records stay.</summary>
internal static class ModelRoute
{
    /// <param name="context">The request.</param>
    /// <param name="name">The route's value of the model's name.</param>
    /// <param name="behind">How many segments of the route come after it.</param>
    public static string NameOf(HttpContext context, string name, int behind) => RouteSegment.Decode(context, name, behind);

    /// <summary>The model: one operation when this instance knows the name.</summary>
    public static Task<Result<RegisteredModel>> FindAsync(ModelHistory models, string reference, CancellationToken ct) => models.FindEvenGoneAsync(reference, ct);

    /// <summary>The model and the number of a version; at a moment an alias, and <c>latest</c>, are what they were then.</summary>
    public static async Task<Result<(RegisteredModel Model, int Version)>> FindVersionAsync(ModelHistory models, string reference, string version, DateTimeOffset? asOf, CancellationToken ct)
    {
        var model = asOf is null ? await FindAsync(models, reference, ct) : await models.FindAsync(reference, asOf, ct);
        return model.IsOk ? VersionOf(model.Value, version) : model.Failure;
    }

    /// <summary>The same of a model that is not deleted, to change it.</summary>
    public static async Task<Result<(RegisteredModel Model, int Version)>> FindToChangeAsync(ModelHistory models, string reference, string version, CancellationToken ct)
    {
        var model = await models.FindAsync(reference, null, ct);
        return model.IsOk ? VersionOf(model.Value, version) : model.Failure;
    }

    private static Result<(RegisteredModel Model, int Version)> VersionOf(RegisteredModel model, string version)
    {
        var (isName, number) = ModelVersionName.Find(model, version);
        return !isName ? new Failure.Invalid("version", ModelVersionName.Problem)
            : number is { } found ? (model, found)
            : new Failure.NotFound(ModelVersionStore.Kind, $"name={model.Name}, version={(version.Length <= 260 ? version : version[..260] + "...")}");
    }
}
