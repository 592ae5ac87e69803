using System.Globalization;
using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>The values that place a logged model in the order of a query, each read once; nothing else of the model.</summary>
internal sealed class RankedModel : IFieldSource
{
    /// <summary>The query's order, ties by creation (latest first), then id.</summary>
    public static readonly IComparer<RankedModel> BestFirst = Comparer<RankedModel>.Create(static (x, y) => x.CompareTo(y));

    private const char Separator = '&';
    private const string Missing = "-";

    private readonly LoggedModelQuery query;
    private readonly double?[] numbers;
    private readonly string?[] texts;

    private RankedModel(LoggedModelQuery query, LoggedModelId id, long createdAt, double?[] numbers, string?[] texts) =>
        (this.query, Id, CreatedAt, this.numbers, this.texts) = (query, id, createdAt, numbers, texts);

    public LoggedModelId Id { get; }

    /// <summary>How many models of its partition stand before it.</summary>
    public int Place { get; private init; }

    /// <summary>In Unix milliseconds.</summary>
    private long CreatedAt { get; }

    public static RankedModel Of(LoggedModel model, LoggedModelQuery query, int place) => new(
        query,
        model.Id,
        model.CreatedAt.ToUnixTimeMilliseconds(),
        [.. query.Order.Select(order => order.IsNumber ? ModelFields.Number(model, order.Field, order.On is null ? query.Datasets : [order.On]) : null)],
        [.. query.Order.Select(order => order.IsNumber ? null : ModelFields.Text(model, order.Field, query.Status))])
    {
        Place = place,
    };

    /// <summary>The model's place in the order as a text, so that a page continues there whatever happens to the model.</summary>
    public string Write() => string.Join(Separator,
    [
        CreatedAt.ToString(CultureInfo.InvariantCulture),
        .. query.Order.Select((order, i) => order.IsNumber ? numbers[i]?.ToString("R", CultureInfo.InvariantCulture) ?? Missing : texts[i] is { } text ? "=" + Uri.EscapeDataString(text) : Missing),
        Id.ToString(),
    ]);

    /// <returns>What was written for the same query; null for anything else.</returns>
    public static RankedModel? Read(string text, LoggedModelQuery query)
    {
        var parts = text.Split(Separator);
        if (parts.Length != 2 + query.Order.Length || !LoggedModelId.TryParse(parts[^1], CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var createdAt))
        {
            return null;
        }
        var (numbers, texts) = (new double?[query.Order.Length], new string?[query.Order.Length]);
        for (var i = 0; i < query.Order.Length; i++)
        {
            var part = parts[1 + i];
            if (part == Missing)
            {
                continue;
            }
            if (!query.Order[i].IsNumber && part.StartsWith('='))
            {
                texts[i] = Uri.UnescapeDataString(part[1..]);
            }
            else if (query.Order[i].IsNumber && double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                numbers[i] = number;
            }
            else
            {
                return null;
            }
        }
        return new RankedModel(query, id, createdAt, numbers, texts);
    }

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
        var newest = y.CreatedAt.CompareTo(x.CreatedAt);
        return newest != 0 ? newest : x.Id.CompareTo(y.Id);
    }
}
