namespace ServerlessMeta.Models;

/// <summary>Where a version stands in its life. A version has one stage; a stage may have many versions.</summary>
public enum ModelStage
{
    None,
    Staging,
    Production,
    Archived,
}
