namespace ServerlessMeta.Models;

/// <summary>Something that happened to a registered model and that others may want to hear of. It stands in the outbox until every receiver has it.</summary>
/// <param name="Id">The same for ever: model, revision, number.</param>
/// <param name="Entity"><c>registered_model</c>, <c>model_version</c>, <c>model_version_tag</c>, <c>model_version_alias</c>, ...; prompts have entities of their own.</param>
/// <param name="Action"><c>created</c>, <c>set</c>, <c>deleted</c>, ...</param>
/// <param name="At">When.</param>
/// <param name="Data">What is told of it: texts by name; a null is told as null. An object of tags is told as pairs named <c>tags.{key}</c>, which receivers get as one
/// object <c>tags</c>. Together they have up to 600 KiB; beyond that, long texts are cut.</param>
public sealed record ModelEvent(string Id, string Entity, string Action, DateTimeOffset At, IReadOnlyList<KeyValuePair<string, string?>> Data);
