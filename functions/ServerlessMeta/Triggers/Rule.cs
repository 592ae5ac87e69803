namespace ServerlessMeta.Triggers;

/// <summary>A rule as it is stored.</summary>
public sealed record Rule
{
    /// <summary>1 to 100 letters, digits, dots, hyphens and underscores; the first is a letter or digit.</summary>
    public required string Id { get; init; }

    /// <summary>Grows by one with each change; a rule that is deleted and set again goes on.</summary>
    public required int Revision { get; init; }

    public required RuleDefinition Definition { get; init; }

    /// <summary>What is watched, as rows name it: <c>m.{model:d10}</c>, <c>x.{hash of the monitor's name}</c> or <c>e.{experiment}</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The registered model's number; 0: none.</summary>
    public long Model { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public bool IsGone { get; init; }

    /// <summary>What decisions are named by.</summary>
    internal RuleIdentity Identity(int version) => new(Id, Revision, Model > 0 ? Model.ToString(System.Globalization.CultureInfo.InvariantCulture) : Target, version);
}
