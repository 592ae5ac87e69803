namespace ServerlessMeta.Models;

/// <summary>Whether a version can be used.</summary>
public enum ModelVersionStatus
{
    Pending,
    Ready,
    Failed,
}
