namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>The trend of a metric in one run, small.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Points">Of the line, in a field of 100 by 24.</param>
/// <param name="Text">The same in words.</param>
public sealed record Spark(string Run, string Points, string Text);
