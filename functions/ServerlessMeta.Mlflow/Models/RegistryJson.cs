using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.LoggedModels;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Models;

/// <summary>Models and versions in the protocol's JSON, with what stands beside their records: large tags, and what a version's logged model has.</summary>
internal static class RegistryJson
{
    private const int AtOnce = 16;

    /// <summary>A version with all its tags, and its logged model.</summary>
    public sealed record FullVersion(RegisteredVersion Version, ImmutableArray<Tag> Tags, LoggedModel? Logged);

    /// <summary>A model with all its tags and its latest versions.</summary>
    public sealed record FullModel(RegisteredModel Model, ImmutableArray<Tag> Tags, ImmutableArray<FullVersion> Latest);

    public static async Task AnswerAsync(MlflowRequest request, Result<RegisteredModel> model)
    {
        if (!model.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(model.Failure));
            return;
        }
        var latest = await request.Service<ModelVersionStore>().ListLatestAsync(model.Value, [], request.Aborted);
        await request.AnswerAsync(await FullAsync(new FoundModel(model.Value, latest), request), static (json, full) =>
        {
            json.WriteStartObject("registered_model"u8);
            Write(json, full);
            json.WriteEndObject();
        });
    }

    public static async Task AnswerAsync(MlflowRequest request, Result<RegisteredVersion> version)
    {
        if (!version.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(version.Failure));
            return;
        }
        await request.AnswerAsync(await FullAsync(version.Value, true, request), static (json, full) =>
        {
            json.WriteStartObject("model_version"u8);
            Write(json, full);
            json.WriteEndObject();
        });
    }

    public static async Task<FullModel> FullAsync(FoundModel found, MlflowRequest request) => new(
        found.Model, await request.Service<ModelTags>().AllAsync(found.Model, request.Aborted), await FullAsync(found.Latest.Select(version => new RegisteredVersion(found.Model, version)), request));

    /// <summary>Versions of a list: without what their logged models have.</summary>
    public static async Task<ImmutableArray<FullVersion>> FullAsync(IEnumerable<RegisteredVersion> versions, MlflowRequest request) =>
        [.. await EachAsync([.. versions], version => FullAsync(version, false, request))];

    public static async Task<IReadOnlyList<TResult>> EachAsync<T, TResult>(IReadOnlyList<T> items, Func<T, Task<TResult>> make)
    {
        var made = new TResult[items.Count];
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (place, _) => made[place] = await make(items[place]));
        return made;
    }

    public static void Write(MlflowWriter json, FullModel full)
    {
        var model = full.Model;
        json.WriteString("name"u8, model.Name);
        json.WriteNumber("creation_timestamp"u8, model.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp"u8, model.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteString("user_id"u8, model.Author);
        json.WriteString("description"u8, model.Description);
        json.WriteList("latest_versions"u8, full.Latest, Write);
        json.WriteList("tags"u8, full.Tags, ExperimentJson.WriteTag);
        json.WriteList("aliases"u8, model.Aliases, static (json, alias) =>
        {
            json.WriteString("alias"u8, alias.Key);
            json.WriteString("version"u8, $"{alias.Value}");
        });
    }

    public static void Write(MlflowWriter json, FullVersion full)
    {
        var version = full.Version.Version;
        json.WriteString("name"u8, full.Version.Model.Name);
        json.WriteString("version"u8, $"{version.Number}");
        json.WriteNumber("creation_timestamp"u8, version.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp"u8, version.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteString("user_id"u8, version.Author);
        json.WriteString("current_stage"u8, full.Version.Stage.ToString());
        json.WriteString("description"u8, version.Description);
        json.WriteString("source"u8, version.Source);
        json.WriteString("run_id"u8, version.Run?.ToString());
        json.WriteString("status"u8, Status(version.Status));
        json.WriteList("tags"u8, full.Tags, ExperimentJson.WriteTag);
        json.WriteString("run_link"u8, version.RunLink);
        json.WriteTexts("aliases"u8, [.. full.Version.Aliases]);
        json.WriteString("model_id"u8, version.LoggedModel?.ToString());
        if (full.Logged is { } logged)
        {
            json.WriteList("model_params"u8, logged.Params, ExperimentJson.WriteTag);
            LoggedModelJson.WriteMetrics(json, "model_metrics"u8, logged);
        }
    }

    private static async Task<FullVersion> FullAsync(RegisteredVersion version, bool withLogged, MlflowRequest request)
    {
        var logged = withLogged && version.Version.LoggedModel is { } id ? await request.Service<LoggedModelStore>().FindAsync(id, request.Aborted) : null;
        return new FullVersion(version, await request.Service<ModelTags>().AllAsync(version.Version, request.Aborted), logged);
    }

    private static string Status(ModelVersionStatus status) => status switch
    {
        ModelVersionStatus.Pending => "PENDING_REGISTRATION",
        ModelVersionStatus.Failed => "FAILED_REGISTRATION",
        _ => "READY",
    };
}
