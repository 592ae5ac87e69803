namespace ServerlessMeta.Ui.Shell;

/// <param name="Title">What is wrong.</param>
/// <param name="Detail">What to do about it.</param>
public sealed record FaultModel(string Title, string Detail);
