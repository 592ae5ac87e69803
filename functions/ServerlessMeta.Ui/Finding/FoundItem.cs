namespace ServerlessMeta.Ui.Finding;

/// <param name="Title">What it is called.</param>
/// <param name="Address">Its page.</param>
/// <param name="Detail">Where the text was found, or what else tells it from others; null: nothing.</param>
public sealed record FoundItem(string Title, string Address, string? Detail = null);
