namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A logged model that a run read or made.</summary>
/// <param name="Id">The model's.</param>
/// <param name="Name">What it is called; null: the store does not hold it.</param>
/// <param name="Type">What kind of model it is, as the client said.</param>
/// <param name="Status">Whether it is ready.</param>
/// <param name="Step">At which it was made; null: it was read.</param>
public sealed record LoggedModelLine(string Id, string? Name, string? Type, string? Status, long? Step);
