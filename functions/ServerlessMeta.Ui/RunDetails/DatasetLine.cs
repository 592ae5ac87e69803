using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A dataset that a run read.</summary>
/// <param name="Name">As the client called it.</param>
/// <param name="Digest">Of its content.</param>
/// <param name="Context">For what it was read.</param>
/// <param name="SourceType">What kind of place it came from.</param>
/// <param name="Source">The place.</param>
/// <param name="Columns">Its columns and their types, as its schema says.</param>
/// <param name="Profile">What else was said of it, by name.</param>
public sealed record DatasetLine(string Name, string Digest, string? Context, string SourceType, string Source, ImmutableArray<Tag> Columns, ImmutableArray<Tag> Profile);
