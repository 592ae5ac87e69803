namespace ServerlessMeta.Mlflow;

/// <summary>Tags that the dialect's clients write, and what they mean.</summary>
public static class WellKnownTags
{
    /// <summary>How all of them begin.</summary>
    public const string Prefix = "mlflow.";

    /// <summary>A description in Markdown.</summary>
    public const string Note = "mlflow.note.content";

    /// <summary>The run that a run is part of.</summary>
    public const string Parent = "mlflow.parentRunId";

    /// <summary>What was launched.</summary>
    public const string Source = "mlflow.source.name";

    /// <summary>The commit of the code.</summary>
    public const string Commit = "mlflow.source.git.commit";

    /// <summary>The repository of the code.</summary>
    public const string Repository = "mlflow.source.git.repoURL";
}
