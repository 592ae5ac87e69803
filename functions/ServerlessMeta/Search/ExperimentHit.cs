using System.Collections.Immutable;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Search;

/// <summary>An experiment as a query sees it.</summary>
internal readonly struct ExperimentHit(Experiment experiment, ImmutableArray<Field> fields) : IFieldSource
{
    public Experiment Experiment => experiment;

    public bool TryNumber(int field, out double value)
    {
        double? found = fields[field] switch
        {
            { Kind: FieldKind.Attribute, Key: ExperimentFields.Id } => experiment.Id.Number,
            { Kind: FieldKind.Attribute, Key: ExperimentFields.CreatedAt } => experiment.CreatedAt.ToUnixTimeMilliseconds(),
            { Kind: FieldKind.Attribute, Key: ExperimentFields.UpdatedAt } => experiment.UpdatedAt.ToUnixTimeMilliseconds(),
            _ => null,
        };
        value = found ?? 0;
        return found is not null;
    }

    public string? Text(int field)
    {
        var wanted = fields[field];
        if (wanted.Kind is FieldKind.Tag)
        {
            foreach (var tag in experiment.Tags)
            {
                if (tag.Key == wanted.Key)
                {
                    return tag.Value;
                }
            }
            return null;
        }
        return wanted is { Kind: FieldKind.Attribute, Key: ExperimentFields.Name } ? experiment.Name : null;
    }

    public IReadOnlyList<string> Texts(int field) => [];
}
