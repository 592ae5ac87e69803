namespace ServerlessMeta.Monitoring;

/// <summary>How far the labels of a window have come.</summary>
public enum WindowState
{
    /// <summary>Its end has not passed.</summary>
    Open,

    /// <summary>Labels may still come.</summary>
    Maturing,

    /// <summary>Enough labels are there, or none are waited for any more.</summary>
    Closed,
}
