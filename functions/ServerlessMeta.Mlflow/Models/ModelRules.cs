namespace ServerlessMeta.Mlflow.Models;

/// <summary>The registry's limits on names and values, with the protocol's messages.</summary>
internal static class ModelRules
{
    public const string PromptTag = "mlflow.prompt.is_prompt";
    public const string PromptTextTag = "mlflow.prompt.text";
}
