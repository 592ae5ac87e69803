namespace ServerlessMeta.Ui.Home;

/// <param name="Title">What waits.</param>
/// <param name="Address">Where it is decided.</param>
/// <param name="Why">For what.</param>
public sealed record HomeApproval(string Title, string Address, string Why);
