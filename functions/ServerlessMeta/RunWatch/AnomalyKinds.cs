namespace ServerlessMeta.RunWatch;

/// <summary>The kinds of anomalies in words.</summary>
internal static class AnomalyKinds
{
    public const int Count = 5;

    public static string WordOf(AnomalyKind kind) => kind switch
    {
        AnomalyKind.Nan => "nan",
        AnomalyKind.Spike => "spike",
        AnomalyKind.Divergence => "divergence",
        AnomalyKind.Plateau => "plateau",
        AnomalyKind.Overfitting => "overfitting",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
