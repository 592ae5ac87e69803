namespace ServerlessMeta.Ui.Shell;

/// <param name="Name">As the navigation says it.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="Others">Where pages of the same place stand too.</param>
internal sealed record Place(string Name, string Address, params string[] Others)
{
    public bool Holds(string path) => Address == "/" ? path == "/" : Others.Prepend(Address).Any(start => path == start || path.StartsWith($"{start}/", StringComparison.Ordinal));
}
