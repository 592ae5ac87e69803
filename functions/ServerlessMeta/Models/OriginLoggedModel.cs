using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>A logged model as it was at the registration. Params are empty when there were too many to keep.</summary>
public sealed record OriginLoggedModel(string Id, string Name, string? Type, string Status, string? SourceRun, ImmutableArray<Tag> Params, int ParamCount, int MetricCount);
