using ServerlessMeta.LoggedModels;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>What a new version's record says of where it comes from.</summary>
/// <param name="Origin">All that was found.</param>
/// <param name="Run">The run that was named, or that the logged model names.</param>
/// <param name="LoggedModel">The logged model that was named.</param>
/// <param name="Location">Where the files lie; null: at the source.</param>
internal sealed record ResolvedOrigin(ModelOrigin Origin, RunId? Run, LoggedModelId? LoggedModel, string? Location);
