using System.Globalization;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Mlflow.LoggedModels;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Models;

/// <summary>
/// What the source of a new version names: an address, a file of a run (<c>runs:/{run}/{path}</c>), a logged model (<c>models:/m-...</c>), another version
/// (<c>models:/{name}/{version}</c>, <c>models:/{name}@{alias}</c>), or a path on some machine, which is refused unless it lies in the artifacts of the run or model.
/// </summary>
internal static class ModelSources
{
    private const string Models = "models:/";
    private const string Runs = "runs:/";

    /// <summary>The version as the store takes it; the fault is in the request.</summary>
    public static async Task<NewModelVersion> ReadAsync(NewModelVersion wanted, MlflowRequest request)
    {
        var source = wanted.Source;
        if (source.StartsWith(Models, StringComparison.Ordinal))
        {
            return await ReadModelAsync(wanted, source[Models.Length..].Trim('/'), request);
        }
        if (source.StartsWith(Runs, StringComparison.Ordinal))
        {
            var parts = source[Runs.Length..].Trim('/').Split('/', 2);
            var run = Rules.RunOf(parts[0], request);
            CheckPath(source, request);
            if (wanted.Run is { } other && other != run)
            {
                request.Refuse(MlflowRequest.Invalid(Rules.Quote(source), "source", "It names another run than run_id does."));
            }
            return request.IsFaulty ? wanted : wanted with { Run = run, Locate = (found, _) => RunJson.ArtifactUri(found!.Info) + (parts.Length > 1 ? "/" + parts[1] : "") };
        }
        if (IsLocal(source))
        {
            return wanted with { Locate = (run, model) => Contains(run is null ? null : RunJson.ArtifactUri(run.Info), source) || Contains(model is null ? null : LoggedModelJson.ArtifactUri(model), source) ? (string?)null : Refused(source) };
        }
        CheckPath(source, request);
        return wanted;
    }

    private static async Task<NewModelVersion> ReadModelAsync(NewModelVersion wanted, string reference, MlflowRequest request)
    {
        if (LoggedModelId.TryParse(reference, CultureInfo.InvariantCulture, out var id))
        {
            if (wanted.LoggedModel is { } other && other != id)
            {
                request.Refuse(MlflowRequest.Invalid(Rules.Quote(wanted.Source), "source", "It names another logged model than model_id does."));
            }
            return wanted with { LoggedModel = id, Locate = static (_, model) => LoggedModelJson.ArtifactUri(model!) };
        }
        var found = reference.Split('/') switch
        {
            [var name, var version] when int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                await request.Service<ModelVersionStore>().FindAsync(name, number, request.Aborted),
            [var aliased] when aliased.Split('@') is [var name, { Length: > 0 } alias] => await request.Service<ModelAliasStore>().FindAsync(name, alias, request.Aborted),
            [{ Length: 34 } absent] when absent.StartsWith("m-", StringComparison.Ordinal) => new Failure.NotFound("LoggedModel", absent),
            _ => new Failure.Invalid("source", $"Invalid model version source: '{Rules.Cut(wanted.Source, 300)}'. It must be models:/<model id>, models:/<name>/<version> or models:/<name>@<alias>."),
        };
        if (!found.IsOk)
        {
            request.Refuse(MlflowError.From(found.Failure));
            return wanted;
        }
        return wanted with { CopyOf = found.Value };
    }

    // A path has no scheme, or that of files; one letter is a drive.
    public static bool IsLocal(string source)
    {
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : source[..colon];
        return scheme.Length < 2 || scheme.Equals("file", StringComparison.OrdinalIgnoreCase) || !char.IsAsciiLetter(scheme[0]) || !scheme.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
    }

    private static bool Contains(string? folder, string source) =>
        folder is not null && IsLocal(folder) && !IsClimbing(source) && PathOf(source) is var path && PathOf(folder) is var root && (path == root || path.StartsWith(root + "/", StringComparison.Ordinal));

    private static string PathOf(string local) =>
        "/" + (local.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? Unescape(local["file:".Length..]) : local).Replace('\\', '/').Trim('/');

    private static Failure.Invalid Refused(string source) => new("source",
        $"Invalid model version source: '{Rules.Cut(source, 300)}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.");

    private static void CheckPath(string source, MlflowRequest request)
    {
        if (IsClimbing(source))
        {
            request.Refuse(MlflowError.Invalid(
                $"Invalid model version source: '{Rules.Cut(source, 300)}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path."));
        }
    }

    private static bool IsClimbing(string source) => Unescape(source) is var plain && (plain.Contains('\0', StringComparison.Ordinal) || plain.Split('/', '\\').Any(static name => name is ".." or "."));

    private static string Unescape(string text)
    {
        // Also when it is escaped more than once.
        for (var round = 0; round < 16 && Uri.UnescapeDataString(text) is var plain && plain != text; round++)
        {
            text = plain;
        }
        return text;
    }
}
