using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>A parsed filter, not yet checked against a schema. <c>ToString</c> is its canonical form, which parses to an equal condition.</summary>
internal abstract record Condition
{
    /// <summary>Conditions bind tighter the higher: OR, AND, NOT, clause.</summary>
    protected abstract int Strength { get; }

    private string Inside(int strength) => Strength < strength ? $"({this})" : ToString();

    /// <summary>Two or more terms joined by one of AND and OR.</summary>
    internal sealed record Group(bool All, ImmutableArray<Condition> Terms) : Condition
    {
        protected override int Strength => All ? 1 : 0;

        public bool Equals(Group? other) => other is not null && All == other.All && Terms.SequenceEqual(other.Terms);

        public override int GetHashCode() => HashCode.Combine(All, Terms.Length, Terms[0]);

        public override string ToString() => string.Join(All ? " AND " : " OR ", Terms.Select(term => term.Inside(Strength + 1)));
    }

    internal sealed record Not(Condition Term) : Condition
    {
        protected override int Strength => 2;

        public override string ToString() => $"NOT {Term.Inside(Strength)}";
    }

    /// <summary>One comparison. IS NULL has no value, BETWEEN two, IN one or more, the others one.</summary>
    internal sealed record Clause(FieldName Field, Comparators Comparator, ImmutableArray<Literal> Values) : Condition
    {
        protected override int Strength => 3;

        /// <summary>Where it was read in the filter. Clauses that say the same are equal, wherever they stand.</summary>
        public int Start { get; init; }

        public bool Equals(Clause? other) =>
            other is not null && Field == other.Field && Comparator == other.Comparator && Values.SequenceEqual(other.Values);

        public override int GetHashCode() => HashCode.Combine(Field, Comparator, Values.Length);

        public override string ToString()
        {
            var start = $"{Field} {ComparatorWords.Of(Comparator)}";
            return Comparator switch
            {
                Comparators.IsNull or Comparators.IsNotNull => start,
                Comparators.Between => $"{start} {Values[0]} AND {Values[1]}",
                Comparators.In or Comparators.NotIn => $"{start} ({string.Join(", ", Values)})",
                _ => $"{start} {Values[0]}",
            };
        }
    }
}
