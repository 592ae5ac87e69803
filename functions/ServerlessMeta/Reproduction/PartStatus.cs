namespace ServerlessMeta.Reproduction;

/// <summary>How well a part of a run is recorded.</summary>
public enum PartStatus
{
    Present,
    Weak,
    Missing,
}
