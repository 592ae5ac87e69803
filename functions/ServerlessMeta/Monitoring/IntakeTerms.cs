namespace ServerlessMeta.Monitoring;

/// <summary>How what is posted is read.</summary>
/// <param name="Watched">Of what; null: nothing was said or posted of it yet.</param>
/// <param name="IsBaseline">Whether it is to be a baseline, else it is counted on the edges of the one in force.</param>
/// <param name="Time">The time of predictions that have none of their own.</param>
/// <param name="Seed">Decides which rows a sample has.</param>
internal sealed record IntakeTerms(Watched? Watched, bool IsBaseline, DateTimeOffset Time, string Seed);
