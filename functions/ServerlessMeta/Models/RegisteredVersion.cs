namespace ServerlessMeta.Models;

/// <summary>A version with the model that knows its name, its stage and its aliases.</summary>
public sealed record RegisteredVersion(RegisteredModel Model, ModelVersion Version)
{
    public ModelStage Stage => Model.StageOf(Version.Number);

    /// <summary>In ordinal order.</summary>
    public IEnumerable<string> Aliases => Model.Aliases.Where(alias => alias.Value == Version.Number).Select(static alias => alias.Key);
}
