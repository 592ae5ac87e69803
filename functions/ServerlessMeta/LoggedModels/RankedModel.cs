using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>A logged model with the values that place it in the order of a query, each read once.</summary>
internal sealed class RankedModel : IFieldSource
{
    /// <summary>The query's order, ties by creation (latest first), then id.</summary>
    public static readonly IComparer<RankedModel> BestFirst = Comparer<RankedModel>.Create(static (x, y) => x.CompareTo(y));

    private readonly LoggedModelQuery query;
    private readonly double?[] numbers;
    private readonly string?[] texts;

    public RankedModel(LoggedModel model, LoggedModelQuery query)
    {
        (Model, this.query) = (model, query);
        numbers = [.. query.Order.Select(order => order.IsNumber ? ModelFields.Number(model, order.Field, order.On is null ? query.Datasets : [order.On]) : null)];
        texts = [.. query.Order.Select(order => order.IsNumber ? null : ModelFields.Text(model, order.Field, query.Status))];
    }

    public LoggedModel Model { get; }

    public bool TryNumber(int field, out double value)
    {
        value = numbers[field] ?? 0;
        return numbers[field] is not null;
    }

    public string? Text(int field) => texts[field];

    public IReadOnlyList<string> Texts(int field) => [];

    private int CompareTo(RankedModel other)
    {
        var (x, y) = (this, other);
        for (var i = 0; i < query.Order.Length; i++)
        {
            var step = new OrderStep(i, query.Order[i].IsNumber ? FieldType.Number : FieldType.Text, query.Order[i].Descending);
            if (step.Compare(in x, in y) is not 0 and var order)
            {
                return order;
            }
        }
        var newest = y.Model.CreatedAt.CompareTo(x.Model.CreatedAt);
        return newest != 0 ? newest : x.Model.Id.CompareTo(y.Model.Id);
    }
}
