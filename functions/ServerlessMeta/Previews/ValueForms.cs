namespace ServerlessMeta.Previews;

/// <summary>What a value may be taken for.</summary>
[Flags]
internal enum ValueForms
{
    Text = 0,
    Numbers = 1,
    Booleans = 2,
    Times = 4,
    Any = Numbers | Booleans | Times,
}
