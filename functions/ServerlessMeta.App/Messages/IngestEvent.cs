using System.Text.Json;

namespace ServerlessMeta.App.Messages;

/// <summary>A CloudEvent as it was read; what is missing is empty, and then <paramref name="Refusal"/> says so.</summary>
/// <param name="Source">Who sent it; the id is unique to it.</param>
/// <param name="Type">Names an operation, see <see cref="IngestOperations"/>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Data">The body of the operation's request, an object.</param>
internal sealed record IngestEvent(string Source, string Id, string Type, string? Subject, JsonElement Data, EventRefusal? Refusal);
