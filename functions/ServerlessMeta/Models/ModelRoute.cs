using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Finds the model, and the version, that the path of a native request names.</summary>
internal static class ModelRoute
{
    /// <param name="context">The request.</param>
    /// <param name="name">The route's value of the model's name.</param>
    /// <param name="behind">How many segments of the route come after it.</param>
    public static string NameOf(HttpContext context, string name, int behind) => RouteSegment.Decode(context, name, behind);

    /// <summary>The model: one operation when this instance knows the name.</summary>
    public static async Task<Result<RegisteredModel>> FindAsync(ModelReader models, string name, CancellationToken ct) =>
        await models.FindAsync(name, ct) is { } model ? model : new Failure.NotFound(ModelWriter.Kind, Short(name));

    /// <summary>The model and the number of a version, deleted ones too: their records stay.</summary>
    public static async Task<Result<(RegisteredModel Model, int Version)>> FindVersionAsync(ModelReader models, string name, string version, CancellationToken ct)
    {
        var model = await FindAsync(models, name, ct);
        if (!model.IsOk)
        {
            return model.Failure;
        }
        var (isName, number) = ModelVersionName.Find(model.Value, version);
        return !isName ? new Failure.Invalid("version", ModelVersionName.Problem)
            : number is { } found ? (model.Value, found) : new Failure.NotFound(ModelVersionStore.Kind, $"name={Short(name)}, version={Short(version)}");
    }

    private static string Short(string text) => text.Length <= 260 ? text : text[..260] + "...";
}
