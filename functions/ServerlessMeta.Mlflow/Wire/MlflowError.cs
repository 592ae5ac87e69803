using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>MLflow's error envelope with its status.</summary>
public sealed record MlflowError(int Status, string Code, string Message)
{
    public TimeSpan? RetryAfter { get; private init; }

    public static MlflowError Invalid(string message) => new(StatusCodes.Status400BadRequest, "INVALID_PARAMETER_VALUE", message);

    public static MlflowError Missing(string parameter) => Invalid($"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");

    public static MlflowError NotFound(string message) => new(StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST", message);

    public static MlflowError From(Failure failure) => failure switch
    {
        Failure.NotFound { Kind: "Run" } run => NotFound($"Run with id={run.Id} not found"),
        Failure.NotFound { Kind: "Experiment" } experiment => NotFound($"No Experiment with id={experiment.Id} exists"),
        Failure.NotFound { Kind: "LoggedModel" } model => NotFound($"Logged model with ID '{Shown(model.Id)}' not found."),
        Failure.NotFound { Kind: "RegisteredModel" } model => NotFound($"Registered Model with name={Shown(model.Id)} not found"),
        Failure.NotFound { Kind: "ModelVersion" } version => NotFound($"Model Version ({Shown(version.Id)}) not found"),
        Failure.NotFound { Kind: "Webhook" } webhook => NotFound($"Webhook with ID {Shown(webhook.Id)} not found."),
        Failure.NotFound { Kind: "Alias" } alias => Invalid($"Registered model alias {Shown(alias.Id)} not found."),
        Failure.NotFound { Kind: "Tag" } tag => NotFound($"No tag with name: {Shown(tag.Id)}"),
        Failure.NotFound other => NotFound(other.Detail),
        Failure.AlreadyExists { Kind: "RegisteredModel" } model => new(StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS", $"Registered Model (name={Shown(model.Id)}) already exists."),
        Failure.AlreadyExists { Stage: LifecycleStage.Deleted } taken => new(StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS",
            $"{taken.Kind} '{taken.Id}' already exists in deleted state. You can restore the {taken.Kind.ToLowerInvariant()}, or permanently delete it to create a new one."),
        Failure.AlreadyExists taken => new(StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS", $"{taken.Kind} '{taken.Id}' already exists."),
        Failure.Conflict conflict => new(StatusCodes.Status409Conflict, "RESOURCE_CONFLICT", conflict.Detail),
        Failure.Clash clash => new(StatusCodes.Status409Conflict, "RESOURCE_CONFLICT", clash.Detail),
        Failure.Invalid invalid => Invalid(invalid.Detail),
        Failure.WrongStage stage => Invalid(
            $"The {stage.Kind.ToLowerInvariant()} {stage.Id} must be in the '{stage.Required.ToString().ToLowerInvariant()}' state. Current state is {stage.Current.ToString().ToLowerInvariant()}."),
        Failure.ParamsChanged changed => Invalid(Params(changed)),
        Failure.Forbidden forbidden => new(StatusCodes.Status403Forbidden, "PERMISSION_DENIED", forbidden.Detail),
        Failure.Unmet unmet => new(StatusCodes.Status403Forbidden, "PERMISSION_DENIED", unmet.Detail),
        Failure.Corrupt corrupt => new(StatusCodes.Status500InternalServerError, "DATA_LOSS", corrupt.Detail),
        Failure.Busy busy => new(StatusCodes.Status429TooManyRequests, "REQUEST_LIMIT_EXCEEDED", busy.Detail) { RetryAfter = busy.RetryAfter },
        _ => throw new InvalidOperationException($"{failure.GetType().Name} has no translation."),
    };

    /// <summary>The message for a single log-parameter; a batch lists all changes.</summary>
    public static MlflowError OfOneParam(Failure.ParamsChanged changed)
    {
        var change = changed.Changes[0];
        return Invalid($"Changing param values is not allowed. Param with key='{change.Key}' was already logged with value='{Shown(change.OldValue)}' for run ID='{changed.RunId}'. Attempted logging new value '{Shown(change.NewValue)}'.");
    }

    /// <summary>The message for params of a logged model.</summary>
    public static MlflowError OfModelParams(Failure.ParamsChanged changed) => Invalid(Params(changed, "model"));

    private static string Params(Failure.ParamsChanged changed, string of = "run")
    {
        var changes = changed.Changes.Select(static change => $"{{'key': '{change.Key}', 'old_value': '{Shown(change.OldValue)}', 'new_value': '{Shown(change.NewValue)}'}}");
        return $"Changing param values is not allowed. Params were already logged='[{string.Join(", ", changes)}]' for {of} ID='{changed.RunId}'.";
    }

    // A message names what was sent, but does not send it back whole.
    private static string Shown(string value) => Rules.Cut(value, 300);
}
