namespace ServerlessMeta.Platform;

/// <summary>Deleting is a property: what is deleted keeps its keys and can be restored.</summary>
public enum LifecycleStage
{
    Active = 0,
    Deleted = 1,
}
