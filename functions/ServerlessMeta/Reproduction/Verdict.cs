namespace ServerlessMeta.Reproduction;

/// <summary>Whether a run can be run again.</summary>
public enum Verdict
{
    Reproducible,
    Degraded,
    Lost,
}
