namespace ServerlessMeta.Ui.ExperimentRuns;

/// <param name="Name">Of what each run has.</param>
/// <param name="Sort">Leads to the order by it; null: nothing orders by it.</param>
/// <param name="Sorted"><c>ascending</c>, <c>descending</c> or null.</param>
public sealed record TableHeader(string Name, string? Sort, string? Sorted);
