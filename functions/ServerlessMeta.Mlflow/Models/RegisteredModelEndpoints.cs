using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Models;

/// <summary><c>/mlflow/registered-models/...</c>; <see cref="RegistrySearchEndpoints"/> has the search.</summary>
internal static class RegisteredModelEndpoints
{
    private const string Alias = "registered-models/alias";
    private const string Latest = "registered-models/get-latest-versions";

    public static void Map(MlflowRoutes routes)
    {
        routes.Post("registered-models/create", CreateAsync, "Create a registered model: name, tags, description. Answers registered_model. With the header Idempotency-Key it may be repeated.");
        routes.Get("registered-models/get", GetAsync, "A registered model by name.");
        routes.Post("registered-models/rename", RenameAsync, "Rename a registered model: name, new_name. Its versions stay with it.");
        routes.Patch("registered-models/update", UpdateAsync, "Change a registered model: name, description.");
        routes.Delete("registered-models/delete", DeleteAsync, "Delete a registered model and its versions: name.");
        routes.GetOrPost(Latest, GetLatestAsync, "The newest version of each stage, or of some: name, stages.");
        routes.Post("registered-models/set-tag", SetTagAsync, "Set a tag: name, key, value (up to 100,000 characters).");
        routes.Delete("registered-models/delete-tag", DeleteTagAsync, "Delete a tag: name, key.");
        routes.Post(Alias, SetAliasAsync, "Give an alias to a version: name, alias, version.");
        routes.Delete(Alias, DeleteAliasAsync, "Take an alias away: name, alias.");
        routes.Get(Alias, GetByAliasAsync, "The version that has an alias: name, alias. Answers model_version.");
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        var wanted = new NewModel(ModelRules.NewNameOf("name", request))
        {
            Description = ModelRules.DescriptionOf(request),
            Tags = ModelRules.TagsOf(request),
            IdempotencyKey = Rules.IdempotencyKeyOf(request),
        };
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, await request.Service<ModelStore>().CreateAsync(wanted, request.Aborted)));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, await request.Service<ModelStore>().FindAsync(name, request.Aborted)));
    }

    private static async Task RenameAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        var newName = ModelRules.NewNameOf("new_name", request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, await request.Service<ModelStore>().RenameAsync(name, newName, request.Aborted)));
    }

    private static async Task UpdateAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        var description = ModelRules.DescriptionOf(request);
        await (request.IsFaulty
            ? request.AnswerAsync(request.Fault)
            : RegistryJson.AnswerAsync(request, await request.Service<ModelStore>().UpdateAsync(name, description, null, null, request.Aborted)));
    }

    private static async Task DeleteAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<ModelStore>().DeleteAsync(name, request.Aborted)).Failure));
    }

    private static async Task GetLatestAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        var stages = request.Texts("stages").Select(stage => ModelRules.StageOf(stage, request)).ToHashSet();
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var model = await request.Service<ModelStore>().FindAsync(name, request.Aborted);
        if (!model.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(model.Failure));
            return;
        }
        var latest = await request.Service<ModelVersionStore>().ListLatestAsync(model.Value, stages, request.Aborted);
        await request.AnswerAsync(await RegistryJson.FullAsync(latest.Select(version => new RegisteredVersion(model.Value, version)), request),
            static (json, versions) => json.WriteList("model_versions"u8, versions, RegistryJson.Write));
    }

    private static async Task SetTagAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        var tag = ModelRules.TagOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<ModelStore>().SetTagAsync(name, tag, request.Aborted)).Failure));
    }

    private static async Task DeleteTagAsync(MlflowRequest request)
    {
        var (name, key) = (request.Required("name"), request.Required("key"));
        Rules.CheckKey(key, "key", request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<ModelStore>().DeleteTagAsync(name, key, request.Aborted)).Failure));
    }

    private static async Task SetAliasAsync(MlflowRequest request)
    {
        var (name, alias, version) = (request.Required("name"), ModelRules.AliasOf(request, isGiven: true), ModelRules.VersionOf(request));
        await (request.IsFaulty
            ? request.AnswerAsync(request.Fault)
            : request.AnswerAsync((await request.Service<ModelAliasStore>().SetAsync(name, alias, version, MoveTerms.None, request.Aborted)).Failure));
    }

    private static async Task DeleteAliasAsync(MlflowRequest request)
    {
        var (name, alias) = (request.Required("name"), ModelRules.AliasOf(request));
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<ModelAliasStore>().DeleteAsync(name, alias, MoveTerms.None, request.Aborted)).Failure));
    }

    private static async Task GetByAliasAsync(MlflowRequest request)
    {
        var (name, alias) = (request.Required("name"), ModelRules.AliasOf(request));
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, await request.Service<ModelAliasStore>().FindAsync(name, alias, request.Aborted)));
    }
}
