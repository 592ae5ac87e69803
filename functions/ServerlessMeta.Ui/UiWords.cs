using ServerlessMeta.Search;

namespace ServerlessMeta.Ui;

/// <summary>What the dialect calls things, where people write or read its words.</summary>
public sealed record UiWords
{
    /// <summary>What a filter over experiments may name.</summary>
    public required FieldSchema Experiments { get; init; }

    /// <summary>What a filter over runs may name.</summary>
    public required FieldSchema Runs { get; init; }

    /// <summary>What the dialect says of a run that the store does not hold.</summary>
    public required RunWords RunWords { get; init; }

    /// <summary>The tag that holds a description in Markdown.</summary>
    public required string NoteTag { get; init; }

    /// <summary>The tag of a run that names the run it is part of.</summary>
    public required string ParentTag { get; init; }

    /// <summary>The tag of a run that names what was launched.</summary>
    public required string SourceTag { get; init; }

    /// <summary>The tag of a run that names the commit of its code.</summary>
    public required string CommitTag { get; init; }

    /// <summary>The tag of a run that names the repository of its code.</summary>
    public required string RepositoryTag { get; init; }

    /// <summary>How tags begin that clients write for themselves.</summary>
    public required string HiddenTags { get; init; }
}
