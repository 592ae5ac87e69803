namespace ServerlessMeta.LoggedModels;

/// <summary>The best so many of the models that a search meets, whichever experiment they are of. Safe for several scans at once.</summary>
internal sealed class BestModels(int most)
{
    private readonly Lock gate = new();

    // The worst of those kept is the first to go.
    private readonly PriorityQueue<RankedModel, RankedModel> kept = new(Comparer<RankedModel>.Create(static (x, y) => RankedModel.BestFirst.Compare(y, x)));

    public void Offer(RankedModel model)
    {
        lock (gate)
        {
            if (kept.Count < most)
            {
                kept.Enqueue(model, model);
            }
            else
            {
                kept.EnqueueDequeue(model, model);
            }
        }
    }

    public IReadOnlyList<RankedModel> InOrder() => [.. kept.UnorderedItems.Select(static item => item.Element).Order(RankedModel.BestFirst)];
}
