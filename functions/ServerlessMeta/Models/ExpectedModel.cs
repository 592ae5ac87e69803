namespace ServerlessMeta.Models;

/// <summary>The model that a caller means, whatever has its name by the time of the write.</summary>
/// <param name="Number">Which.</param>
/// <param name="Revision">The revision that the caller saw; when it has another, nothing is written and the caller is told. Null: whichever.</param>
public readonly record struct ExpectedModel(long Number, long? Revision)
{
    internal bool Is(RegisteredModel model) => model.Number == Number && (Revision is null || Revision == model.Revision);
}
